package dev.tutti.planning;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Moment;
import dev.tutti.forecast.VirtualTime;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.teamfile.TeamFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Good plans with one dependency wrong, and what becomes of each.
///
/// The tools are agents that know their trade: whoever needs what another makes fails with a word
/// when it is not there. What a tool needs is what the good plan gave it.
final class WrongReasoning {

    /// What is done to a dependency.
    enum Mistake {
        /// The link is forgotten; what refers to the result stays.
        LINK_DROPPED,
        /// The link and every reference to the result are forgotten.
        DROPPED,
        /// A link is there that nothing needs.
        ADDED,
        /// The link leads the other way, and so do the references.
        REVERSED
    }

    /// What became of a plan.
    enum Fate {
        REFUSED,
        REPAIRED,
        FAILED_WITH_A_REASON,
        /// The run gives the same, and lint warns of what it did not warn of before.
        WARNED,
        UNDETECTED,
        STALLED
    }

    private static final int MOST_EVENTS = 50_000;
    private static final int TRIES = 50;

    private final LlmPlans plans;
    private final boolean typed;
    private final SplittableRandom dice;

    /// @param typed whether skills declare what they take
    WrongReasoning(LlmPlans plans, boolean typed, long seed) {
        this.plans = plans;
        this.typed = typed;
        dice = new SplittableRandom(seed);
    }

    /// What becomes of a good plan with a mistake, or null where it has no place for one.
    @Nullable Fate fate(Value.Struct plan, Mistake mistake) {
        var wrong = spoil(plan, mistake);
        if (wrong == null) {
            return null;
        }
        var known = typed ? typed(plan) : plans.known();
        var good = LlmPlans.judge(plan, known, team(known));
        if (!good.faults().isEmpty()) {
            return null;
        }
        var verdict = LlmPlans.judge(wrong, known, team(known));
        if (!verdict.faults().isEmpty()) {
            return Fate.REFUSED;
        }
        var before = dependencies(good);
        var after = dependencies(verdict);
        if (after.equals(before)) {
            return Fate.REPAIRED;
        }
        var end = run(verdict.document(), needs(good));
        if (end == null) {
            return Fate.STALLED;
        }
        if (end != Status.SUCCEEDED) {
            return Fate.FAILED_WITH_A_REASON;
        }
        return warnings(good).containsAll(warnings(verdict)) ? Fate.UNDETECTED : Fate.WARNED;
    }

    private static Set<String> warnings(LlmPlans.Verdict verdict) {
        var team = TeamFile.fromDocument(verdict.document());
        var warnings = new LinkedHashSet<String>();
        Lint.of(team, verdict.document()).forEach(fault -> warnings.add(fault.toString()));
        return warnings;
    }

    // ---- mistakes

    private Value.@Nullable Struct spoil(Value.Struct plan, Mistake mistake) {
        var links = LlmPlans.structs(plan, "task_links");
        var nodes = LlmPlans.nodes(plan);
        if (links.isEmpty() || nodes.size() < 2) {
            return null;
        }
        var chosen = links.get(dice.nextInt(links.size()));
        int from = index(nodes, chosen.text("source"));
        int to = index(nodes, chosen.text("target"));
        return switch (mistake) {
            case LINK_DROPPED -> with(plan, without(links, chosen), nodes);
            case DROPPED -> with(plan, without(links, chosen), cut(nodes, to, from));
            case REVERSED -> {
                var turned = new ArrayList<>(without(links, chosen));
                turned.add(link(chosen.text("target"), chosen.text("source")));
                yield with(plan, turned, cut(nodes, to, from));
            }
            case ADDED -> added(plan, links, nodes);
        };
    }

    private Value.@Nullable Struct added(
            Value.Struct plan, List<Value.Struct> links, List<Value.Struct> nodes) {
        for (int i = 0; i < TRIES; i++) {
            int one = dice.nextInt(nodes.size());
            int other = dice.nextInt(nodes.size());
            var more = link(nodes.get(one).text("task"), nodes.get(other).text("task"));
            if (one != other && !links.contains(more)) {
                var all = new ArrayList<>(links);
                all.add(more);
                return with(plan, all, nodes);
            }
        }
        return null;
    }

    private static int index(List<Value.Struct> nodes, String task) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).text("task").equals(task)) {
                return i;
            }
        }
        return -1;
    }

    private static Value.Struct link(String from, String to) {
        return Value.struct("source", Value.text(from), "target", Value.text(to));
    }

    private static List<Value.Struct> without(List<Value.Struct> links, Value.Struct one) {
        return links.stream().filter(link -> !link.equals(one)).toList();
    }

    /// The nodes with the references of one to another left out.
    private static List<Value.Struct> cut(List<Value.Struct> nodes, int of, int to) {
        var cut = new ArrayList<>(nodes);
        if (of >= 0 && cut.get(of).get("arguments") instanceof Value.Array(var arguments)) {
            var left =
                    arguments.stream()
                            .filter(one -> !one.toString().contains("<node-" + to + ">"))
                            .toList();
            cut.set(of, cut.get(of).with("arguments", new Value.Array(left)));
        }
        return cut;
    }

    private static Value.Struct with(
            Value.Struct plan, List<Value.Struct> links, List<Value.Struct> nodes) {
        return plan.with("task_links", new Value.Array(List.copyOf(links)))
                .with("task_nodes", new Value.Array(List.copyOf(nodes)));
    }

    // ---- the team

    /// Skills that take exactly what the good plan gives them.
    private Proposals.Known typed(Value.Struct plan) {
        var skills = new LinkedHashMap<>(plans.known().skills());
        for (var node : LlmPlans.nodes(plan)) {
            var id = Draft.id(node.text("task"));
            int count =
                    node.get("arguments") instanceof Value.Array(var arguments)
                            ? arguments.size()
                            : 0;
            var fields = new LinkedHashMap<String, Type.Field>();
            for (int i = 1; i <= count; i++) {
                fields.put("arg_" + i, Type.Field.required(Type.Any.ANY));
            }
            skills.merge(
                    id,
                    new Skill(new SkillId(id), new Type.Struct(fields, true), Type.Struct.OPEN),
                    (known, now) ->
                            known.input() instanceof Type.Struct one && one.fields().isEmpty()
                                    ? now
                                    : known);
        }
        return new Proposals.Known(skills, List.of());
    }

    private static Value.Struct team(Proposals.Known known) {
        var skills = new LinkedHashMap<String, Value>();
        known.skills()
                .forEach((id, skill) -> {
                    var input = new LinkedHashMap<String, Value>();
                    if (skill.input() instanceof Type.Struct type) {
                        type.fields().forEach((name, _) -> input.put(name, Value.text("any")));
                    }
                    if (!input.isEmpty()) {
                        skills.put(id, Value.struct("input", new Value.Struct(input)));
                    }
                });
        var team = LlmPlans.team(List.copyOf(known.skills().keySet()));
        return skills.isEmpty() ? team : team.with("skills", new Value.Struct(skills));
    }

    private static Map<String, Set<String>> dependencies(LlmPlans.Verdict verdict) {
        var dependencies = new LinkedHashMap<String, Set<String>>();
        var team = TeamFile.fromDocument(verdict.document());
        for (var task : team.workflows().getFirst().tasks()) {
            dependencies.put(
                    task.name(),
                    new LinkedHashSet<>(task.dependencies().stream().sorted().toList()));
        }
        return dependencies;
    }

    /// What each tool needs: the results that the good plan hands to it.
    private static Map<String, Set<String>> needs(LlmPlans.Verdict good) {
        var needs = new LinkedHashMap<String, Set<String>>();
        var workflow = TeamFile.fromDocument(good.document()).workflows().getFirst();
        var uses = Uses.of(new Expressions(), workflow);
        for (var use : uses.all()) {
            if (use.how() == Uses.How.GIVEN && !use.user().equals(Uses.OUTPUT)) {
                needs.computeIfAbsent(use.user(), _ -> new LinkedHashSet<>()).add(use.used());
            }
        }
        return needs;
    }

    // ---- the run

    /// How the run ends, or null when it does not.
    private static @Nullable Status run(Value.Struct document, Map<String, Set<String>> needs) {
        var team = TeamFile.fromDocument(document);
        var time =
                new VirtualTime(
                        team,
                        new VirtualTime.World() {
                            @Override
                            public VirtualTime.Work perform(Deed.Perform deed) {
                                return work(deed, needs);
                            }

                            @Override
                            public VirtualTime.@Nullable Reply hear(StreamId run, Event event) {
                                return null;
                            }
                        });
        var run = StreamId.run(TenantId.LOCAL, new RunId("R"));
        time.ask(
                Duration.ZERO,
                run,
                new Request.Start(
                        "proposed", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY),
                "ana");
        time.goOn(List.of(run), MOST_EVENTS);
        return time.moments(run).stream()
                .map(Moment::event)
                .filter(Event.Ended.class::isInstance)
                .map(event -> ((Event.Ended) event).status())
                .findFirst()
                .orElse(null);
    }

    private static VirtualTime.Work work(Deed.Perform deed, Map<String, Set<String>> needs) {
        var task = deed.attempt().task().name();
        var given = deed.attempt().input().toString();
        for (var needed : needs.getOrDefault(task, Set.of())) {
            if (!given.contains("made by " + needed + ";")) {
                return new VirtualTime.Work(
                        Duration.ofSeconds(1),
                        Outcome.failed(
                                new Failure.Permanent(
                                        "missing", "it needs what `" + needed + "` makes")));
            }
        }
        return new VirtualTime.Work(
                Duration.ofSeconds(1),
                Outcome.succeeded(Value.struct("made", Value.text("made by " + task + ";"))));
    }
}

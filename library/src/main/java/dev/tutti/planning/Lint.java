package dev.tutti.planning;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds what is sound and yet not as it should be: more orchestration than the work needs, order
/// where none is needed, agents who share what they should not, and budgets that cannot do. All of
/// it warns only.
public final class Lint {

    /// A chain by one agent of at least so many tasks could be one task.
    private static final int LONG_CHAIN = 3;

    /// As many agents that send one another messages make a mesh.
    private static final int MESH = 3;

    /// A fan-out that may be this wide behind one place is a queue.
    private static final int WIDE = 8;

    /// Names of tools that change nothing.
    private static final Pattern READING =
            Pattern.compile("read|get|list|search|find|query|fetch|look|show|count|describe");

    private final Team team;
    private final Value.Struct document;
    private final Expressions expressions = new Expressions();
    private final List<Fault> found = new ArrayList<>();

    private Lint(Team team, Value.Struct document) {
        this.team = team;
        this.document = document;
    }

    /// Everything found, in the order of the file.
    ///
    /// @param document that the team was read from
    public static List<Fault> of(Team team, Value.Struct document) {
        var lint = new Lint(team, document);
        for (var workflow : team.workflows()) {
            if (workflow.isWithin()) {
                continue;
            }
            var uses = Uses.of(lint.expressions, workflow);
            if (workflow.planner() == null) {
                lint.chains(workflow, uses);
                lint.rigid(workflow, uses);
                lint.bottlenecks(workflow);
            } else {
                lint.planners(workflow);
            }
            lint.shared(workflow);
            lint.chatter(workflow);
            lint.found.addAll(BudgetLint.of(team, workflow));
        }
        return List.copyOf(lint.found);
    }

    private void add(
            String code,
            String message,
            Workflow workflow,
            List<String> at,
            String label,
            @Nullable String help) {
        var path = new ArrayList<>(List.of("workflows", workflow.name()));
        path.addAll(at);
        found.add(new Fault(code, message, path, null, label, help));
    }

    // ---- over-orchestration

    /// Tasks one after the other, by the same agent and nobody else, each used by the next alone.
    private void chains(Workflow workflow, Uses uses) {
        var done = new LinkedHashSet<String>();
        for (var task : workflow.tasks()) {
            if (done.contains(task.name()) || !plain(task) || next(task, workflow, uses) == null) {
                continue;
            }
            var chain = new ArrayList<>(List.of(task));
            for (var next = next(task, workflow, uses);
                    next != null && plain(next) && who(next).equals(who(task));
                    next = next(next, workflow, uses)) {
                chain.add(next);
            }
            if (chain.size() >= LONG_CHAIN && !who(task).isEmpty()) {
                chain.forEach(one -> done.add(one.name()));
                var names =
                        chain.stream()
                                .map(one -> "`" + one.name() + "`")
                                .collect(Collectors.joining(", "));
                add(
                        "W-LINT-01",
                        names
                                + " are one after the other, all by `"
                                + who(task)
                                + "`, with no branch and no check between them",
                        workflow,
                        List.of("tasks", task.name()),
                        "a chain of " + chain.size(),
                        "one task that does all of it saves "
                                + (chain.size() - 1)
                                + " hand-overs; keep them apart where one of them must not be done twice");
            }
        }
    }

    /// The only task that needs this one, if it needs no other, or null.
    private static @Nullable Task next(Task task, Workflow workflow, Uses uses) {
        var users = uses.of(task.name()).stream().map(Uses.Use::user).distinct().toList();
        if (users.size() != 1 || users.getFirst().equals(Uses.OUTPUT)) {
            return null;
        }
        return workflow.tasks().stream()
                .filter(one -> one.name().equals(users.getFirst()))
                .filter(one -> one.dependencies().equals(List.of(task.name())))
                .filter(one -> !uses.isOrderOnly(one.name(), task.name()))
                .findFirst()
                .orElse(null);
    }

    /// Whether a task has nothing that only a task of its own can have.
    private static boolean plain(Task task) {
        return task.flow().equals(Task.Flow.ONCE) && task.policy().equals(Task.Policy.DEFAULT);
    }

    /// The only agent that can do a task, or empty.
    private String who(Task task) {
        var capable = Match.capable(team.agents(), task.performer());
        return capable.size() == 1 && !capable.getFirst().isHuman()
                ? capable.getFirst().id().value()
                : "";
    }

    /// A planner that has no choice.
    private void planners(Workflow workflow) {
        var skills = new LinkedHashSet<String>();
        var planner = workflow.planner();
        for (var agent : team.agents()) {
            if (planner == null || !agent.id().equals(planner.agent())) {
                agent.skills().forEach(skill -> skills.add(skill.value()));
            }
        }
        if (skills.size() == 1) {
            add(
                    "W-LINT-02",
                    "the planner has one skill to plan with: every plan is tasks of `"
                            + skills.getFirst()
                            + "`",
                    workflow,
                    List.of("goal"),
                    "nothing to plan",
                    "write the one task: `tasks: { "
                            + skills.getFirst()
                            + ": { skill: "
                            + skills.getFirst()
                            + " } }`");
        }
    }

    // ---- rigid order

    private void rigid(Workflow workflow, Uses uses) {
        for (var task : workflow.tasks()) {
            for (var before : task.dependencies()) {
                var other =
                        workflow.tasks().stream()
                                .filter(one -> one.name().equals(before))
                                .findFirst()
                                .orElse(null);
                if (other != null
                        && uses.isOrderOnly(task.name(), before)
                        && task.flow().join().equals(Task.Join.ALL)
                        && !ordered(other)
                        && !ordered(task)) {
                    add(
                            "W-LINT-03",
                            "`"
                                    + task.name()
                                    + "` waits for `"
                                    + before
                                    + "` and takes nothing from it",
                            workflow,
                            List.of("tasks", task.name(), "after", before),
                            "order without use",
                            "drop it, and both can run at once; keep it where `"
                                    + before
                                    + "` changes something that `"
                                    + task.name()
                                    + "` looks at");
                }
            }
        }
    }

    /// Whether what a task does outside, or for its skipping, can be a reason to wait for it: then
    /// the order is meant.
    private boolean ordered(Task task) {
        return task.flow().when() != null
                || task.flow().emit() != null
                || !task.flow().cancels().isEmpty()
                || !task.flow().locks().isEmpty()
                || task.policy().undo() != null
                || task.policy().effects() == Task.Effects.AT_MOST_ONCE
                || task.policy().approval() != null
                || task.performer() instanceof Performer.ByMessage
                || task.performer() instanceof Performer.ByWorkflow
                || Match.capable(team.agents(), task.performer()).stream().anyMatch(Lint::changes);
    }

    /// Whether an agent may change something outside.
    private static boolean changes(Agent agent) {
        return agent.isHuman()
                || agent.effects() == Task.Effects.AT_MOST_ONCE
                || agent.uses().equals("process")
                || agent.settings().get("tools") instanceof Value.Array;
    }

    // ---- shared state

    /// Agents that work at the same time with one toolbox or one folder that can be written to, and
    /// no lock.
    private void shared(Workflow workflow) {
        var users = new LinkedHashMap<String, SequencedSet<String>>();
        var where = new LinkedHashMap<String, Task>();
        for (var task : workflow.tasks()) {
            if (!task.flow().locks().isEmpty()) {
                continue;
            }
            for (var agent : Match.capable(team.agents(), task.performer())) {
                for (var state : state(agent)) {
                    boolean many = task.each() != null && agent.limits().concurrency() > 1;
                    var who = users.computeIfAbsent(state, _ -> new LinkedHashSet<>());
                    who.add(task.name());
                    if (many) {
                        who.add("the items of " + task.name());
                    }
                    where.putIfAbsent(state, task);
                }
            }
        }
        users.forEach((state, who) -> {
            var first = where.get(state);
            if (who.size() > 1 && first != null && concurrent(workflow, who)) {
                add(
                        "W-LINT-04",
                        "several attempts at once may change "
                                + state
                                + ": "
                                + String.join(", ", who),
                        workflow,
                        List.of("tasks", first.name()),
                        "no lock",
                        "give each of these tasks `locks: [\"…\"]` with one name, or each a folder of its own");
            }
        });
    }

    /// Whether two of these tasks, or two items of one, may be at work at once.
    private static boolean concurrent(Workflow workflow, SequencedSet<String> who) {
        if (who.stream().anyMatch(one -> one.startsWith("the items of "))) {
            return true;
        }
        var names = List.copyOf(who);
        for (var one : names) {
            for (var other : names) {
                if (!one.equals(other)
                        && !before(workflow, one).contains(other)
                        && !before(workflow, other).contains(one)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static SequencedSet<String> before(Workflow workflow, String task) {
        var seen = new LinkedHashSet<String>();
        var open = new ArrayList<>(List.of(task));
        while (!open.isEmpty()) {
            var name = open.removeLast();
            for (var one : workflow.tasks()) {
                if (one.name().equals(name)) {
                    one.dependencies().stream().filter(seen::add).forEach(open::add);
                }
            }
        }
        return seen;
    }

    /// What an agent can change that others see, in words.
    private List<String> state(Agent agent) {
        var state = new ArrayList<String>();
        if (agent.settings().get("tools") instanceof Value.Array(var tools)) {
            for (var tool : tools) {
                if (tool instanceof Value.Struct box
                        && box.get("name") instanceof Value.Text(var name)
                        && writes(name, box)) {
                    state.add("what toolbox `" + name + "` works on");
                }
            }
        }
        if (agent.uses().equals("process")
                && agent.settings().get("workspace") instanceof Value.Text(var folder)
                && !folder.equals("fresh")
                && !folder.contains("${")) {
            state.add("folder `" + folder + "`");
        }
        return state;
    }

    /// Whether an agent may change something with what it is offered of a toolbox.
    private boolean writes(String toolbox, Value.Struct offered) {
        if (!(document.get("tools") instanceof Value.Struct boxes)
                || !(boxes.get(toolbox) instanceof Value.Struct box)
                || !(box.get("uses") instanceof Value.Text(var uses))) {
            return false;
        }
        if (uses.equals("sql")) {
            return box.get("with") instanceof Value.Struct with
                    && Value.of(true).equals(with.get("write"));
        }
        boolean reads =
                offered.get("only") instanceof Value.Array(var names)
                        && names.stream()
                                .allMatch(name ->
                                        name instanceof Value.Text(var text)
                                                && READING.matcher(text).lookingAt());
        return uses.equals("mcp") && !reads;
    }

    // ---- bottlenecks and chatter

    private void bottlenecks(Workflow workflow) {
        for (var task : workflow.tasks()) {
            if (task.each() == null || task.max() < WIDE) {
                continue;
            }
            var capable = Match.capable(team.agents(), task.performer());
            int places = capable.stream().mapToInt(agent -> agent.limits().concurrency()).sum();
            if (!capable.isEmpty() && capable.stream().noneMatch(Agent::isHuman) && places == 1) {
                var agent = capable.getFirst().id().value();
                add(
                        "W-LINT-05",
                        "all items of `"
                                + task.name()
                                + "` pass through `"
                                + agent
                                + "`, one at a time",
                        workflow,
                        List.of("tasks", task.name(), "each"),
                        "behind one place",
                        "raise `limits.concurrency` of `"
                                + agent
                                + "`, give another agent the skill, or say `max`");
            }
            var verify = task.policy().gate().verify();
            if (verify != null) {
                var lookers = Match.capable(team.agents(), verify.performer());
                int eyes = lookers.stream().mapToInt(agent -> agent.limits().concurrency()).sum();
                if (eyes == 1 && places > 1 && lookers.stream().noneMatch(Agent::isHuman)) {
                    add(
                            "W-LINT-05",
                            "all items of `"
                                    + task.name()
                                    + "` are looked at by `"
                                    + lookers.getFirst().id().value()
                                    + "`, one at a time",
                            workflow,
                            List.of("tasks", task.name(), "verify"),
                            "behind one place",
                            "raise its `limits.concurrency`");
                }
            }
        }
    }

    /// Tasks that wait for messages of one another, each with each.
    private void chatter(Workflow workflow) {
        var talks = new LinkedHashMap<String, SequencedSet<String>>();
        for (var sender : workflow.tasks()) {
            var emit = sender.flow().emit();
            if (emit == null || emit.to() != null || emit.topic() != null) {
                continue;
            }
            for (var receiver : workflow.tasks()) {
                if (receiver.performer() instanceof Performer.ByMessage message
                        && emit.type().equals(message.type())) {
                    talks.computeIfAbsent(sender.name(), _ -> new LinkedHashSet<>())
                            .add(receiver.name());
                }
            }
        }
        int pairs = talks.values().stream().mapToInt(SequencedSet::size).sum();
        if (talks.size() >= MESH && pairs >= MESH * (MESH - 1)) {
            var first = talks.firstEntry().getKey();
            add(
                    "W-LINT-06",
                    talks.size() + " tasks tell one another " + pairs + " messages within one run",
                    workflow,
                    List.of("tasks", first, "emit"),
                    "a mesh",
                    "let tasks name what they need, `${"
                            + first
                            + ".…}`: a plan shows who waits for whom, messages hide it");
        }
    }
}

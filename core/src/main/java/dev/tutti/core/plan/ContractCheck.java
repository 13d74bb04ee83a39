package dev.tutti.core.plan;

import static dev.tutti.core.plan.Findings.below;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds what is wrong with the contracts of a team before anybody dances to them, all at once:
/// what is said and nobody takes up, what is waited for and nobody says, what goes round for ever,
/// and what may wait for ever. Places are from the root of the team file.
///
/// What is said follows from what was said before: the types that can be reached from those that a
/// workflow begins with, through every agent that reacts to one of them.
public final class ContractCheck {
    private final Expressions expressions;
    private final Findings findings = new Findings();
    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final Known known;
    private final Set<String> everywhere = new LinkedHashSet<>();

    /// A workflow that rests on contracts.
    ///
    /// @param input the type of its inputs
    /// @param output the template of its output
    public record Dance(String name, Type.Struct input, Value output, Choreography choreography) {}

    private ContractCheck(Expressions expressions, List<Skill> skills, List<Agent> members) {
        this.expressions = expressions;
        var declared = new LinkedHashMap<String, Skill>();
        skills.forEach(skill -> declared.put(skill.id().value(), skill));
        members.forEach(agent -> agents.put(agent.id().value(), agent));
        known =
                new Known(
                        "",
                        Type.Struct.OPEN,
                        Collections.emptyMap(),
                        declared,
                        agents,
                        Collections.emptySet(),
                        Collections.emptyMap());
    }

    /// Everything wrong with the contracts, and with the workflows that rest on them.
    public static List<Fault> check(
            Expressions expressions, List<Skill> skills, List<Agent> members, List<Dance> dances) {
        var check = new ContractCheck(expressions, skills, members);
        dances.forEach(check::dance);
        check.agents.values().forEach(check::contract);
        if (!dances.isEmpty()) {
            check.neverSaid();
        }
        return check.findings.faults();
    }

    // ---- what follows from what

    /// The types that can come to be said, each with the one that it first follows from.
    private Map<String, String> reach(Collection<String> first) {
        var reached = new LinkedHashMap<String, String>();
        var toFollow = new ArrayDeque<String>();
        for (var type : first) {
            reached.put(type, "");
            toFollow.add(type);
        }
        while (!toFollow.isEmpty()) {
            var type = toFollow.remove();
            for (var agent : agents.values()) {
                if (!agent.contract().follows(type)) {
                    continue;
                }
                for (var emission : agent.contract().emissions()) {
                    if (reached.putIfAbsent(emission.type(), type) == null) {
                        toFollow.add(emission.type());
                    }
                }
            }
        }
        return reached;
    }

    private boolean isFollowed(String type) {
        return agents.values().stream().anyMatch(agent -> agent.contract().follows(type));
    }

    // ---- a workflow

    private void dance(Dance workflow) {
        var choreography = workflow.choreography();
        var at = List.of("workflows", workflow.name());
        if (choreography.openings().isEmpty()) {
            findings.add(
                    "E-CON-01",
                    "nothing is said first, so that nobody ever begins",
                    at,
                    null,
                    "needs `opens`",
                    "add `opens: { request.received: \"${input}\" }`");
        }
        var first = new LinkedHashSet<String>();
        choreography.openings().forEach(opening -> first.add(opening.type()));
        first.add(Choreography.UNANSWERED);
        var reached = reach(first);
        everywhere.addAll(reached.keySet());
        var awaited = awaited(workflow, choreography);
        deadEnds(workflow, reached.keySet(), awaited);
        named(choreography.until(), reached.keySet(), below(at, "until"));
        named(workflow.output(), reached.keySet(), below(at, "output"));
        expressions(workflow, choreography, at);
        circles(workflow, choreography, reached.keySet());
        expectations(choreography, reached.keySet(), at);
        deadlines(choreography, at);
    }

    /// The types that someone outside of the contracts looks at.
    private Set<String> awaited(Dance workflow, Choreography choreography) {
        var awaited = new LinkedHashSet<String>();
        awaited.addAll(types(choreography.until()));
        awaited.addAll(types(workflow.output()));
        choreography.expectations().forEach(one -> awaited.add(one.then()));
        awaited.add(Choreography.UNANSWERED);
        return awaited;
    }

    private void deadEnds(Dance workflow, Set<String> reached, Set<String> awaited) {
        for (var type : reached) {
            if (isFollowed(type) || awaited.contains(type)) {
                continue;
            }
            var speaker =
                    agents.values().stream()
                            .filter(agent ->
                                    agent.contract().emissions().stream()
                                            .anyMatch(one -> one.type().equals(type)))
                            .filter(agent ->
                                    agent.contract().reactions().stream()
                                            .anyMatch(one -> reached.contains(one.to())))
                            .findFirst();
            var place =
                    speaker.map(agent -> List.of("agents", agent.id().value(), "emits", type))
                            .orElse(List.of("workflows", workflow.name(), "opens", type));
            findings.add(
                    "E-CON-02",
                    "`" + type + "` is said and nobody reacts to it",
                    place,
                    null,
                    "a dead end of `" + workflow.name() + "`",
                    "let an agent react to it, or name it in `until` or `output`");
        }
    }

    /// Types that an expression waits for are ones that can be said.
    private void named(@Nullable String text, Set<String> reached, List<String> at) {
        if (text != null) {
            for (var type : types(text)) {
                if (!reached.contains(type)) {
                    findings.add(
                            "E-CON-03",
                            "`" + type + "` is waited for, and nothing leads to it",
                            at,
                            span(text, type),
                            "never said",
                            findings.mend(type, reached));
                }
            }
        }
    }

    private void named(Value template, Set<String> reached, List<String> at) {
        switch (template) {
            case Value.Text(var text) -> named(text, reached, at);
            case Value.Struct(var fields) ->
                    fields.forEach((name, value) -> named(value, reached, below(at, name)));
            case Value.Array(var items) -> {
                for (int i = 0; i < items.size(); i++) {
                    named(items.get(i), reached, below(at, Integer.toString(i)));
                }
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> {}
        }
    }

    private static Fault.@Nullable Span span(String text, String type) {
        int from = text.indexOf(type);
        return from < 0 ? null : new Fault.Span(from, from + type.length());
    }

    /// The types of messages that a template names: `messages["answer.sent"]`, `messages.answer`.
    private Set<String> types(@Nullable Value template) {
        var types = new LinkedHashSet<String>();
        if (template != null) {
            for (var reference : expressions.references(template)) {
                if (reference.variable().equals("messages") && !reference.path().isEmpty()) {
                    types.add(reference.path().getFirst());
                }
            }
        }
        return types;
    }

    private Set<String> types(@Nullable String text) {
        return types(text == null ? null : Value.text(text));
    }

    private void expressions(Dance workflow, Choreography choreography, List<String> at) {
        var plain = new Variables(plain(workflow.input()));
        for (var opening : choreography.openings()) {
            check(plain, opening.data(), below(at, "opens", opening.type()));
        }
        var said = plain.with("messages", Type.Any.ANY);
        if (choreography.until() != null) {
            condition(said, choreography.until(), below(at, "until"));
        }
        check(said, workflow.output(), below(at, "output"));
        var one = plain.with("message", Type.Any.ANY);
        for (int i = 0; i < choreography.expectations().size(); i++) {
            var same = choreography.expectations().get(i).same();
            if (same != null) {
                check(one, Value.text(same), below(at, "expect", Integer.toString(i), "same"));
            }
        }
    }

    private static Map<String, Type> plain(Type input) {
        var variables = new LinkedHashMap<String, Type>();
        variables.put("input", input);
        variables.put("run", Known.RUN);
        return variables;
    }

    // ---- what goes round

    /// Types that follow from one another whatever was said, with nothing to end it.
    private void circles(Dance workflow, Choreography choreography, Set<String> reached) {
        var next = new LinkedHashMap<String, Set<String>>();
        for (var agent : agents.values()) {
            for (var reaction : agent.contract().reactions()) {
                if (!reached.contains(reaction.to()) || reaction.where() != null) {
                    continue;
                }
                for (var emission : agent.contract().emissions()) {
                    if (emission.when() == null) {
                        next.computeIfAbsent(reaction.to(), _ -> new TreeSet<>())
                                .add(emission.type());
                    }
                }
            }
        }
        var until = types(choreography.until());
        var told = new LinkedHashSet<Set<String>>();
        for (var start : next.keySet()) {
            var circle = circle(start, next);
            if (circle.isEmpty()
                    || circle.stream().anyMatch(until::contains)
                    || !told.add(new TreeSet<>(circle))) {
                continue;
            }
            findings.add(
                    "E-CON-04",
                    "these answer one another for ever: " + Words.cycle(closed(circle)),
                    List.of("workflows", workflow.name()),
                    null,
                    "goes round without end",
                    "give one of them a condition: `where` of `reacts_to`, or `when` of `emits`");
        }
    }

    private static List<String> closed(List<String> circle) {
        var closed = new ArrayList<>(circle);
        closed.add(circle.getFirst());
        return closed;
    }

    /// The shortest way from a type back to itself; empty when there is none.
    private static List<String> circle(String start, Map<String, Set<String>> next) {
        var before = new LinkedHashMap<String, String>();
        var toFollow = new ArrayDeque<String>();
        toFollow.add(start);
        while (!toFollow.isEmpty()) {
            var type = toFollow.remove();
            for (var then : next.getOrDefault(type, Collections.emptySet())) {
                if (then.equals(start)) {
                    var way = new ArrayList<String>();
                    for (String at = type; at != null; at = before.get(at)) {
                        way.addFirst(at);
                    }
                    return way;
                }
                if (before.putIfAbsent(then, type) == null) {
                    toFollow.add(then);
                }
            }
        }
        return List.of();
    }

    // ---- what is expected, and when

    private void expectations(Choreography choreography, Set<String> reached, List<String> at) {
        for (int i = 0; i < choreography.expectations().size(); i++) {
            var one = choreography.expectations().get(i);
            var place = below(at, "expect", Integer.toString(i));
            if (!reached.contains(one.after())) {
                findings.add(
                        "E-CON-05",
                        "`" + one.after() + "` is never said, so that nothing follows upon it",
                        below(place, "after"),
                        null,
                        "never said",
                        findings.mend(one.after(), reached));
            } else if (!reach(List.of(one.after())).containsKey(one.then())) {
                findings.add(
                        "E-CON-05",
                        "`" + one.then() + "` cannot follow upon `" + one.after() + "`",
                        below(place, "then"),
                        null,
                        "nothing leads there",
                        findings.mend(one.then(), reached));
            }
        }
    }

    /// Whoever takes something up says how long it may take, or the workflow does.
    private void deadlines(Choreography choreography, List<String> at) {
        if (!choreography.within().isZero()) {
            return;
        }
        findings.add(
                "E-CON-06",
                "nobody says how long a message may wait for someone to take it up",
                at,
                null,
                "needs `within`",
                "add `within: 1m`");
    }

    // ---- a contract

    private void contract(Agent agent) {
        var at = List.of("agents", agent.id().value());
        var contract = agent.contract();
        if (contract.reactions().isEmpty() && !contract.emissions().isEmpty()) {
            findings.add(
                    "E-CON-07",
                    "`" + agent.id() + "` says something and never hears anything",
                    below(at, "emits"),
                    null,
                    "without `reacts_to`",
                    "add `reacts_to: [the type of a message]`");
        }
        var performer = new Performer.ByAgent(agent.id());
        var heard = new Variables(plain(Type.Any.ANY)).with("message", Type.Any.ANY);
        for (var reaction : contract.reactions()) {
            var place = below(at, "reacts_to", reaction.to());
            if (reaction.where() != null) {
                condition(heard, reaction.where(), below(place, "where"));
            }
            templates(heard)
                    .check(
                            reaction.input(),
                            known.input(performer),
                            below(place, "input"),
                            taker(agent));
        }
        var done = heard.with("output", known.output(performer));
        for (var emission : contract.emissions()) {
            var place = below(at, "emits", emission.type());
            if (emission.when() != null) {
                condition(done, emission.when(), below(place, "when"));
            }
            check(done, emission.data(), below(place, "data"));
        }
        roles(agent, contract);
    }

    private static String taker(Agent agent) {
        return agent.skills().size() == 1
                ? "skill `" + agent.skills().getFirst() + "`"
                : "agent `" + agent.id() + "`";
    }

    /// Nobody can take up what nobody ever says.
    private void neverSaid() {
        for (var agent : agents.values()) {
            for (var reaction : agent.contract().reactions()) {
                if (!everywhere.contains(reaction.to())) {
                    findings.add(
                            "E-CON-08",
                            "`"
                                    + reaction.to()
                                    + "` is never said, so that `"
                                    + agent.id()
                                    + "` never takes it up",
                            List.of("agents", agent.id().value(), "reacts_to", reaction.to()),
                            null,
                            "never said",
                            findings.mend(reaction.to(), everywhere));
                }
            }
        }
    }

    private void roles(Agent agent, Contract contract) {
        var seen = new LinkedHashSet<String>();
        for (var reaction : contract.reactions()) {
            var open = reaction.where() == null;
            if (!seen.add(reaction.to() + " " + reaction.role()) && open) {
                findings.add(
                        "W-CON-01",
                        "`" + agent.id() + "` takes up `" + reaction.to() + "` twice in one role",
                        List.of("agents", agent.id().value(), "reacts_to", reaction.to()),
                        null,
                        "only the first counts",
                        null);
            }
        }
    }

    // ---- expressions

    private TemplateCheck templates(Variables variables) {
        return new TemplateCheck(
                expressions,
                findings,
                variables,
                (variable, at, span) ->
                        findings.add(
                                "E-REF-08",
                                "`" + variable + "` is not known here",
                                at,
                                span,
                                "unknown",
                                findings.mend(variable, variables.names())));
    }

    private void check(Variables variables, Value template, List<String> at) {
        templates(variables).check(template, Type.Any.ANY, at, "a message");
    }

    private void condition(Variables variables, String text, List<String> at) {
        var given = templates(variables).type(text, at);
        if (!Type.fits(given, Type.Scalar.BOOL)) {
            findings.add(
                    "E-CEL-04",
                    "`" + at.getLast() + "` is true or false, not " + Words.a(given),
                    at,
                    null,
                    Words.shape(given),
                    null);
        }
    }
}

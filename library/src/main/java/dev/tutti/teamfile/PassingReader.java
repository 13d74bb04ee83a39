package dev.tutti.teamfile;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Passing.Delegation;
import dev.tutti.core.event.Passing.Group;
import dev.tutti.core.event.Passing.HandOff;
import dev.tutti.core.event.Passing.Member;
import dev.tutti.core.event.Passing.Turns;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads how a task goes from agent to agent.
final class PassingReader {
    /// Stands in where a group says nobody who could be in it.
    private static final AgentId NOBODY = new AgentId("nobody");

    private static final List<String> TURNS = List.of("round_robin", "moderated", "relevance");

    /// What is not said of a conversation: its turns are all there is of it.
    private static final List<String> BESIDE_GROUP =
            List.of(
                    "agent",
                    "workflow",
                    "goal",
                    "await",
                    "loop",
                    "replicas",
                    "hand_off",
                    "delegate",
                    "dispatch");

    /// Where no agent is that could delegate.
    private static final List<String> BESIDE_DELEGATE = List.of("workflow", "goal", "await");

    /// What cannot be handed over.
    private static final List<String> BESIDE_HAND_OFF =
            List.of("workflow", "goal", "await", "delegate");

    private final Report report;

    PassingReader(Report report) {
        this.report = report;
    }

    @Nullable Passing read(Section task) {
        if (task.has("group")) {
            beside(task, "group", BESIDE_GROUP, "a conversation");
            return task.struct("group", "an object such as `{ members: [a, b], max: 12 }`")
                    .map(content -> new Section(content, Keys.GROUP, task.at("group"), report))
                    .map(this::group)
                    .orElse(null);
        }
        if (task.has("hand_off")) {
            beside(task, "hand_off", BESIDE_HAND_OFF, "what is handed over");
            return handOff(task);
        }
        if (task.has("delegate")) {
            beside(task, "delegate", BESIDE_DELEGATE, "what is delegated");
            return delegation(task);
        }
        return null;
    }

    private @Nullable Delegation delegation(Section task) {
        var value = task.value("delegate").orElse(Value.NULL);
        if (!(value instanceof Value.Struct content)) {
            return delegation(names(task, "delegate"), Delegation.DEFAULT_MAX);
        }
        var section = new Section(content, Keys.DELEGATE, task.at("delegate"), report);
        if (!section.has("to")) {
            section.missing("to", "[…]");
        }
        return delegation(
                names(section, "to"),
                section.whole("max", 1, Delegation.MOST).orElse(Delegation.DEFAULT_MAX));
    }

    private static @Nullable Delegation delegation(List<String> to, int max) {
        return to.isEmpty() ? null : new Delegation(to, max);
    }

    private static List<String> names(Section section, String key) {
        return List.copyOf(new LinkedHashSet<>(section.words(key, "a list of skills and agents")));
    }

    private void beside(Section task, String key, List<String> apart, String what) {
        apart.forEach(other -> apart(task, other, key, what));
        reserved(task, key);
    }

    private void apart(Section task, String other, String key, String what) {
        if (task.has(other)) {
            report.add(
                    "E-KEY-03",
                    what + " has no `" + other + "`",
                    task.at(other),
                    "not together with `" + key + "`",
                    "remove `" + other + "` or `" + key + "`");
        }
    }

    private void reserved(Section task, String key) {
        if (task.value("input").orElse(Value.NULL) instanceof Value.Struct input
                && input.get(key) != null) {
            report.add(
                    "E-KEY-03",
                    "`input." + key + "` is what agents are told of it; the task gives none",
                    Report.below(task.at("input"), key),
                    "given by Tutti",
                    "call it something else");
        }
    }

    private @Nullable HandOff handOff(Section task) {
        var value = task.value("hand_off").orElse(Value.NULL);
        if (!(value instanceof Value.Struct content)) {
            return handOff(agents(task, "hand_off"), HandOff.DEFAULT_MAX);
        }
        var section = new Section(content, Keys.HAND_OFF, task.at("hand_off"), report);
        if (!section.has("to")) {
            section.missing("to", "[…]");
        }
        return handOff(
                agents(section, "to"),
                section.whole("max", 1, HandOff.MOST).orElse(HandOff.DEFAULT_MAX));
    }

    private static @Nullable HandOff handOff(List<AgentId> to, int max) {
        return to.isEmpty() ? null : new HandOff(to, max);
    }

    private List<AgentId> agents(Section section, String key) {
        var agents = new ArrayList<AgentId>();
        for (var name : new LinkedHashSet<>(section.words(key, "a list of agents"))) {
            agent(name, Report.below(section.at(key), name)).ifPresent(agents::add);
        }
        return agents;
    }

    private Optional<AgentId> agent(String name, List<String> at) {
        if (name.matches("[a-z][a-z0-9_]*")) {
            return Optional.of(new AgentId(name));
        }
        report.add(
                "E-NAME-02",
                "this is not a name: names are small letters, digits and `_`",
                at,
                "not a name",
                null);
        return Optional.empty();
    }

    // ---- conversations

    private @Nullable Group group(Section section) {
        var members = members(section);
        var moderator =
                section.text("moderator", "the name of an agent")
                        .flatMap(name -> agent(name, section.at("moderator")))
                        .orElse(null);
        var turns = turns(section, moderator);
        if (turns == Turns.MODERATED && moderator == null) {
            section.missing("moderator", "…");
        } else if (turns != Turns.MODERATED && moderator != null) {
            report.add(
                    "E-KEY-03",
                    "`moderator` is for `turns: moderated`",
                    section.at("moderator"),
                    "chooses nobody",
                    "write `turns: moderated`, or remove `moderator`");
        }
        if (members.stream().anyMatch(one -> one.agent().equals(moderator))) {
            report.add(
                    "E-KEY-03",
                    "who moderates does not contribute",
                    section.at("moderator"),
                    "a member too",
                    "remove `" + moderator + "` from `members`, or name another moderator");
        }
        int max = section.whole("max", 1, Group.MOST).orElse(Group.DEFAULT_MAX);
        var until = section.text("until", "a condition on `output`").orElse(null);
        var result = section.value("result").orElse(null);
        if (members.isEmpty() || members.size() > Group.MOST_MEMBERS) {
            return null;
        }
        boolean moderated = turns == Turns.MODERATED && moderator != null;
        return new Group(
                members,
                turns == Turns.MODERATED && !moderated ? Turns.ROUND_ROBIN : turns,
                moderated ? moderator : null,
                max,
                until,
                result);
    }

    private Turns turns(Section section, @Nullable AgentId moderator) {
        var word =
                section.text("turns", "one of " + String.join(", ", TURNS))
                        .orElse(moderator == null ? "round_robin" : "moderated");
        if (!TURNS.contains(word)) {
            report.unknownWord(word, section.at("turns"), TURNS);
            return Turns.ROUND_ROBIN;
        }
        return Turns.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// A list of agents, or agents with what each knows of.
    private List<Member> members(Section section) {
        var members = new ArrayList<Member>();
        if (section.value("members").orElse(Value.NULL) instanceof Value.Struct named) {
            named.fields()
                    .forEach((name, about) -> {
                        var at = Report.below(section.at("members"), name);
                        if (about instanceof Value.Text(var text)) {
                            agent(name, at).ifPresent(one -> members.add(new Member(one, text)));
                        } else {
                            report.add(Section.shape(about, at, "a few words on what it knows of"));
                        }
                    });
        } else {
            agents(section, "members").forEach(one -> members.add(new Member(one, "")));
        }
        if (!section.has("members")) {
            section.missing("members", "[…]");
        } else if (members.size() > Group.MOST_MEMBERS) {
            report.add(
                    "E-PLAN-03",
                    "a conversation has " + Group.MOST_MEMBERS + " members at most",
                    section.at("members"),
                    "too many",
                    null);
        }
        return members;
    }

    /// Who does a conversation, as far as one agent does.
    static AgentId first(Section task) {
        var group = task.value("group").orElse(Value.NULL);
        if (!(group instanceof Value.Struct of)) {
            return NOBODY;
        }
        var name =
                of.get("moderator") instanceof Value.Text(var moderator)
                        ? moderator
                        : switch (of.get("members")) {
                            case Value.Struct named when !named.fields().isEmpty() ->
                                    named.fields().keySet().iterator().next();
                            case Value.Array(var items)
                                    when !items.isEmpty()
                                            && items.getFirst() instanceof Value.Text(var one) ->
                                    one;
                            case Value.Text(var one) -> one;
                            case null, default -> NOBODY.value();
                        };
        return name.matches("[a-z][a-z0-9_]*") ? new AgentId(name) : NOBODY;
    }
}

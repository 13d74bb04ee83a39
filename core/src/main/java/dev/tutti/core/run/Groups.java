package dev.tutti.core.run;

import dev.tutti.core.agent.Relay;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.Iterated;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Passing.Group;
import dev.tutti.core.event.Passing.Turns;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Likeness;
import dev.tutti.core.synthesis.Relevance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A turn of a conversation was taken: who has the next, or what comes of all of them.
final class Groups {
    private Groups() {}

    /// Why a conversation ended.
    ///
    /// @param word for programs
    /// @param because in words
    /// @param verdict what the moderator made of it, or null in the sense of values
    private record End(String word, String because, Value verdict) {
        private End(String word, String because) {
            this(word, because, Value.NULL);
        }
    }

    static void turn(Draft draft, TaskId id, Group group, long token, Value output, Usage usage) {
        var task = draft.state().task(id);
        var by = task.agent();
        if (by == null) {
            throw new IllegalStateException("nobody had the turn of " + id);
        }
        if (by.equals(group.moderator())) {
            moderated(draft, id, group, token, output, usage);
            return;
        }
        var turns = task.course().relay().turns().plus(new Relay.Turn(by, output));
        var said = Passed.contributions(group, turns);
        var end = end(draft, id, group, turns, said);
        if (end == null) {
            goOn(draft, id, token, output, usage, next(draft, group, by, said));
        } else {
            finish(draft, id, group, token, conversation(turns, said, end), usage);
        }
    }

    private static void goOn(
            Draft draft, TaskId id, long token, Value output, Usage usage, AgentId next) {
        var input = draft.state().task(id).input();
        draft.emit(new Iterated(id, token, output, usage, next));
        Planning.ready(draft, id, input);
    }

    private static void finish(
            Draft draft, TaskId id, Group group, long token, Value conversation, Usage usage) {
        var result =
                group.result() == null
                        ? conversation
                        : draft.render(
                                group.result(), draft.scope().of(id).with("output", conversation));
        Results.gate(draft, id, token, result, usage);
    }

    // ---- the moderator

    private static void moderated(
            Draft draft, TaskId id, Group group, long token, Value output, Usage usage) {
        var turns = draft.state().task(id).course().relay().turns();
        var said = Passed.contributions(group, turns);
        if (output instanceof Value.Struct choice && Value.of(true).equals(choice.get("done"))) {
            var verdict = choice.get("result");
            var end =
                    new End(
                            "moderator",
                            "`" + group.moderator() + "` ended it",
                            verdict == null ? Value.NULL : verdict);
            finish(draft, id, group, token, conversation(turns, said, end), usage);
            return;
        }
        var next =
                output instanceof Value.Struct choice
                                && choice.get("next") instanceof Value.Text(var name)
                        ? group.agents().stream()
                                .filter(one -> one.value().equals(name))
                                .findFirst()
                                .orElse(null)
                        : null;
        if (next != null) {
            goOn(draft, id, token, output, usage, next);
            return;
        }
        var names =
                group.agents().stream()
                        .map(agent -> "`" + agent + "`")
                        .collect(Collectors.joining(", "));
        Remedies.attemptEnded(
                draft,
                token,
                new Failure.Rejected(
                        "group",
                        "who moderates gives `next`, which is one of "
                                + names
                                + ", or `done: true` with a `result`"),
                usage);
    }

    // ---- the end

    private static @Nullable End end(
            Draft draft, TaskId id, Group group, List<Relay.Turn> turns, List<Relay.Turn> said) {
        if (group.until() != null) {
            var sofar = conversation(turns, said, new End("", ""));
            var scope = draft.scope().of(id).with("output", sofar);
            if (Planning.isTrue("until", draft.render(group.until(), scope))) {
                return new End("until", "its `until` holds");
            }
        }
        var again = repeating(group, said);
        if (!again.isEmpty()) {
            return new End(
                    "no_progress",
                    again.stream().map(a -> "`" + a + "`").collect(Collectors.joining(" and "))
                            + (again.size() == 1 ? " says" : " say")
                            + " again what was said before");
        }
        return said.size() >= group.max()
                ? new End("max", "its " + group.max() + " turns are taken")
                : null;
    }

    /// Those who said the same again, when a whole round long nobody said anything else.
    private static Set<AgentId> repeating(Group group, List<Relay.Turn> said) {
        int round = group.members().size();
        var again = new LinkedHashSet<AgentId>();
        for (int i = said.size() - 1; i >= Math.max(0, said.size() - round); i--) {
            if (!isRepeated(said, i)) {
                return new LinkedHashSet<>();
            }
            again.add(said.get(i).by());
        }
        return again;
    }

    private static boolean isRepeated(List<Relay.Turn> said, int at) {
        var one = said.get(at);
        return said.subList(0, at).stream()
                .anyMatch(earlier ->
                        earlier.by().equals(one.by())
                                && Likeness.NORMALISED.same(earlier.said(), one.said()));
    }

    /// The conversation, as conditions and results see it.
    private static Value.Struct conversation(
            List<Relay.Turn> turns, List<Relay.Turn> said, End end) {
        var fields = new LinkedHashMap<String, Value>();
        var last = said.isEmpty() ? null : said.getLast();
        fields.put("transcript", Passed.transcript(turns));
        fields.put("last", last == null ? Value.NULL : last.said());
        fields.put("by", last == null ? Value.NULL : Value.text(last.by().value()));
        fields.put("turns", Value.of(said.size()));
        fields.put("ended", Value.text(end.word()));
        fields.put("because", Value.text(end.because()));
        fields.put("verdict", end.verdict());
        return new Value.Struct(fields);
    }

    // ---- who is next

    private static AgentId next(Draft draft, Group group, AgentId by, List<Relay.Turn> said) {
        var agents = group.agents();
        if (group.turns() == Turns.MODERATED && group.moderator() != null) {
            return group.moderator();
        }
        if (group.turns() == Turns.RELEVANCE) {
            return agents.get(
                    Relevance.next(
                            group.members().stream().map(one -> profile(draft, one)).toList(),
                            agents.stream().map(AgentId::value).toList(),
                            silence(agents, said),
                            said.getLast().said()));
        }
        return agents.get((agents.indexOf(by) + 1) % agents.size());
    }

    /// How many turns ago each spoke; the one who spoke last has 0.
    private static List<Integer> silence(List<AgentId> agents, List<Relay.Turn> said) {
        var silence = new ArrayList<Integer>();
        for (var agent : agents) {
            int ago = 0;
            while (ago < said.size() && !said.get(said.size() - 1 - ago).by().equals(agent)) {
                ago++;
            }
            silence.add(ago);
        }
        return silence;
    }

    private static String profile(Draft draft, dev.tutti.core.event.Passing.Member member) {
        var agent = draft.facts().team().agent(member.agent());
        var skills =
                agent.map(one ->
                                one.skills().stream()
                                        .map(skill -> skill.value().replace('_', ' '))
                                        .collect(Collectors.joining(" ")))
                        .orElse("");
        return member.agent().value().replace('_', ' ') + " " + member.about() + " " + skills;
    }
}

package dev.tutti.core.run;

import dev.tutti.core.agent.Relay;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the one who has a task is told of how it came there, beside the task's input.
///
/// It is made of what the journal has anyway, when an attempt begins, so that a long conversation
/// is in the journal once and not once for each turn.
public final class Passed {
    /// The field of the input that says it of a task that may be handed over.
    public static final String HAND_OFF = "hand_off";

    /// The field of the input that says it of a conversation.
    public static final String GROUP = "group";

    /// What was said before the latest so many turns is not told any more.
    public static final int MOST_TURNS = 50;

    private Passed() {}

    /// What the attempt at a task is given.
    ///
    /// @param agent who makes it
    static Value.Struct given(RunState state, TaskId id, AgentId agent) {
        var task = state.task(id);
        var passing = state.declaration(id).passing();
        if (passing == null || state.decides(id) || task.course().proposal() != null) {
            return task.input();
        }
        var relay = task.course().relay();
        return switch (passing) {
            case Passing.Delegation _, Passing.Errand _, Passing.Ensemble _ -> task.input();
            case Passing.HandOff handOff ->
                    task.input().with(Value.struct(HAND_OFF, handed(handOff, relay, agent)));
            case Passing.Group group ->
                    task.input().with(Value.struct(GROUP, heard(group, relay, agent)));
        };
    }

    private static Value handed(Passing.HandOff handOff, Relay relay, AgentId agent) {
        var fields = new LinkedHashMap<String, Value>();
        int left = handOff.max() - relay.hands().size();
        var to = handOff.to().stream().filter(one -> !one.equals(agent)).map(AgentId::value);
        fields.put("to", Value.from(left > 0 ? to.toList() : List.of()));
        fields.put("left", Value.of(Math.max(left, 0)));
        var last = relay.hands().isEmpty() ? null : relay.hands().getLast();
        fields.put("from", last == null ? Value.NULL : Value.text(last.from().value()));
        fields.put("what", last == null ? Value.NULL : last.what());
        fields.put("reason", Value.text(last == null ? "" : last.reason()));
        fields.put("trail", trail(relay));
        return new Value.Struct(fields);
    }

    /// How the task was handed over so far.
    static Value trail(Relay relay) {
        return new Value.Array(relay.hands().stream().map(Passed::hand).toList());
    }

    private static Value hand(Relay.Hand hand) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("from", Value.text(hand.from().value()));
        fields.put("to", Value.text(hand.to().value()));
        fields.put("what", hand.what());
        fields.put("reason", Value.text(hand.reason()));
        return new Value.Struct(fields);
    }

    private static Value heard(Passing.Group group, Relay relay, AgentId agent) {
        int omitted = Math.max(0, relay.turns().size() - MOST_TURNS);
        var turns = relay.turns().subList(omitted, relay.turns().size());
        var fields = new LinkedHashMap<String, Value>();
        fields.put("speaker", Value.text(agent.value()));
        fields.put("members", Value.from(group.agents().stream().map(AgentId::value).toList()));
        fields.put("moderates", Value.of(agent.equals(group.moderator())));
        fields.put("turn", Value.of(contributions(group, relay.turns()).size() + 1));
        fields.put("max", Value.of(group.max()));
        fields.put("transcript", transcript(turns));
        fields.put("omitted", Value.of(omitted));
        return new Value.Struct(fields);
    }

    static Value transcript(List<Relay.Turn> turns) {
        var said = new ArrayList<Value>(turns.size());
        for (var turn : turns) {
            var fields = new LinkedHashMap<String, Value>();
            fields.put("by", Value.text(turn.by().value()));
            fields.put("said", turn.said());
            said.add(new Value.Struct(fields));
        }
        return new Value.Array(said);
    }

    /// What members said, without the words of the moderator.
    static List<Relay.Turn> contributions(Passing.Group group, List<Relay.Turn> turns) {
        return group.moderator() == null
                ? List.copyOf(turns)
                : turns.stream().filter(turn -> !turn.by().equals(group.moderator())).toList();
    }

    /// Who alone may make the next attempt at a task, or null where that is open.
    static @Nullable AgentId holder(RunState state, TaskId id) {
        var passing = state.declaration(id).passing();
        var task = state.tasks().get(id);
        if (passing == null
                || state.decides(id)
                || (task != null && task.course().proposal() != null)) {
            return null;
        }
        if (passing instanceof Passing.Ensemble(var agents)) {
            return id.item() >= 0 && id.item() < agents.size() ? agents.get(id.item()) : null;
        }
        var holder = task == null ? null : task.course().relay().holder();
        return holder == null && passing instanceof Passing.Group group ? group.first() : holder;
    }
}

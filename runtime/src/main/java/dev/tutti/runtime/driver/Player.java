package dev.tutti.runtime.driver;

import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.runtime.step.StepTaken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gives the steps of a recording instead of taking them. Safe to use concurrently.
public final class Player {
    private final Recording recording;

    /// For each task, the attempts from which conversations began, in order.
    private final Map<String, List<Long>> begun = new HashMap<>();

    /// Plays a recording from its beginning.
    public Player(Recording recording) {
        this.recording = recording;
    }

    /// What a planner is told when it is played: what it was told when it was recorded.
    ///
    /// @param task its path
    /// @param number of the attempt, from 1
    public Value.Struct told(String task, int number, Value.Struct input) {
        var fields = new LinkedHashMap<>(input.fields());
        Planner.OF_THE_MOMENT.forEach(fields::remove);
        fields.putAll(recording.told(task, number).fields());
        return new Value.Struct(fields);
    }

    /// What a step gave when it was recorded.
    ///
    /// @param task its path
    /// @param since the first attempt of the conversation
    /// @throws IllegalArgumentException when another step was recorded there, or none
    public Attempt.Taken take(String task, long since, int number, Attempt.Step step) {
        var recorded = conversation(task, since);
        if (number > recorded.size()) {
            throw new IllegalArgumentException(
                    "the recording ends before step "
                            + number
                            + " of `"
                            + task
                            + "`: "
                            + named(step));
        }
        var known = recorded.get(number - 1);
        if (!known.answers(step)) {
            throw new IllegalArgumentException(
                    "step "
                            + number
                            + " of `"
                            + task
                            + "` is "
                            + named(step)
                            + ", and the recording has "
                            + named(known.step())
                            + (known.step().name().equals(step.name())
                                    ? " with another request"
                                    : ""));
        }
        return known.taken();
    }

    private synchronized List<StepTaken> conversation(String task, long since) {
        var first = begun.computeIfAbsent(task, _ -> new ArrayList<>());
        if (!first.contains(since)) {
            first.add(since);
        }
        var all = recording.conversations().getOrDefault(task, List.of());
        int index = first.indexOf(since);
        return index < all.size() ? all.get(index) : List.of();
    }

    private static String named(Attempt.Step step) {
        return step.kind() + " `" + step.name() + "`";
    }
}

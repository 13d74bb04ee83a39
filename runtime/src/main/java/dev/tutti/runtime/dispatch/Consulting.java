package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.journal.StreamId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What programs' own policies are asked and have answered: who is first in line for a place waits
/// in line until the answer is there, and holds nothing.
final class Consulting {
    private final Chooser chooser;
    private final Map<Long, Place> open = new HashMap<>();
    private final Map<Place, Long> asked = new HashMap<>();
    private final Map<Place, Chooser.Answer> answers = new HashMap<>();
    private long number;

    /// A task in a line.
    private record Place(Line line, StreamId run, TaskId task) {}

    Consulting(Chooser chooser) {
        this.chooser = chooser;
    }

    /// The answer for a task, which is used up by that; empty while it is not there. Asks where
    /// nobody has.
    Optional<Chooser.Answer> answer(
            Line line, Want want, String policy, Supplier<List<DispatchPolicy.Option>> options) {
        var place = new Place(line, want.run(), want.task());
        var known = answers.remove(place);
        if (known != null) {
            return Optional.of(known);
        }
        if (asked.containsKey(place)) {
            return Optional.empty();
        }
        var question =
                new Chooser.Question(
                        ++number,
                        want.run(),
                        want.task(),
                        policy,
                        new DispatchPolicy.Asked(want.task(), want.wish().input()),
                        options.get());
        var answer = chooser.ask(question);
        if (answer.isEmpty()) {
            open.put(question.number(), place);
            asked.put(place, question.number());
        }
        return answer;
    }

    /// Whether the answer for a task is not there yet.
    boolean waits(Line line, Want want) {
        return !asked.isEmpty() && asked.containsKey(new Place(line, want.run(), want.task()));
    }

    /// An answer has come.
    ///
    /// @return the line that it is for, if the task is still in one
    Optional<Line> answered(Chooser.Answer answer) {
        var place = open.remove(answer.number());
        if (place == null) {
            return Optional.empty();
        }
        asked.remove(place);
        answers.put(place, answer);
        return Optional.of(place.line());
    }

    /// The task has a place without an answer: what was asked for it is of no use.
    void forget(Line line, Want want) {
        if (asked.isEmpty() && answers.isEmpty()) {
            return;
        }
        var place = new Place(line, want.run(), want.task());
        var question = asked.remove(place);
        if (question != null) {
            open.remove(question);
        }
        answers.remove(place);
    }

    /// The run wants nothing more: what was asked for it is of no use.
    void forget(StreamId run) {
        if (asked.isEmpty() && answers.isEmpty()) {
            return;
        }
        open.values().removeIf(place -> place.run().equals(run));
        asked.keySet().removeIf(place -> place.run().equals(run));
        answers.keySet().removeIf(place -> place.run().equals(run));
    }

    /// Nobody is in line any more.
    void clear() {
        open.clear();
        asked.clear();
        answers.clear();
    }
}

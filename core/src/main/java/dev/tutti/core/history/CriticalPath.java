package dev.tutti.core.history;

import dev.tutti.core.event.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The chain of work and waits that a finished run took its time for: had any of it been shorter,
/// the run would have been over sooner, until another chain is the longest.
///
/// The segments lie end to end from the first event to the last, so they add up to the makespan.
///
/// @param makespan from the first event to the one that ended the run
/// @param segments in the order of time
public record CriticalPath(Duration makespan, List<Segment> segments) {

    public CriticalPath {
        segments = List.copyOf(segments);
    }

    /// What a part of the time went to.
    public enum Kind {
        /// Ready, and no agent had a place for it.
        PLACE,
        /// An agent was at it.
        WORK,
        /// Another had a second look at its result.
        LOOK,
        /// The pause before its next attempt.
        BACKING_OFF,
        /// A person was to answer or to intervene.
        PERSON,
        /// A message was to come, or a time to be over.
        MESSAGE,
        /// A run of its own was at it.
        CHILD,
        /// The run was paused.
        PAUSED,
        /// Whatever lies between two events of one decision.
        BETWEEN;

        /// As people read it.
        public String word() {
            return switch (this) {
                case PLACE -> "waiting for a place";
                case WORK -> "working";
                case LOOK -> "being verified";
                case BACKING_OFF -> "backing off";
                case PERSON -> "waiting for a person";
                case MESSAGE -> "waiting for a message";
                case CHILD -> "in a run of its own";
                case PAUSED -> "paused";
                case BETWEEN -> "in between";
            };
        }
    }

    /// A part of the time.
    ///
    /// @param task whose it is, or null for the run as a whole
    /// @param until the sequence number of the event that ended it
    /// @param time negative where the clock was set back meanwhile
    public record Segment(@Nullable TaskId task, Kind kind, long until, Duration time) {}

    /// What one task has on the path, from when it was free to begin until it let others begin.
    ///
    /// @param task null for the run as a whole
    public record Step(@Nullable TaskId task, Duration time, List<Segment> segments) {
        public Step {
            segments = List.copyOf(segments);
        }
    }

    /// The path of a run that has ended.
    ///
    /// @param run all its events, in order
    public static CriticalPath of(List<Moment> run) {
        var causes = Causes.of(run);
        int last = causes.end();
        var makespan = Duration.between(run.getFirst().at(), run.get(last).at());
        var backwards = new ArrayList<Segment>();
        for (int at = last; at > 0; at = causes.of(at).event()) {
            var cause = causes.of(at);
            var from = run.get(cause.event()).at();
            var to = run.get(at).at();
            causes.split(cause, at, from, to).reversed().forEach(backwards::add);
        }
        return new CriticalPath(makespan, merged(backwards.reversed()));
    }

    private static List<Segment> merged(List<Segment> segments) {
        var merged = new ArrayList<Segment>();
        for (var segment : segments) {
            var before = merged.isEmpty() ? null : merged.getLast();
            if (before != null
                    && before.kind() == segment.kind()
                    && java.util.Objects.equals(before.task(), segment.task())) {
                merged.removeLast();
                merged.add(
                        new Segment(
                                segment.task(),
                                segment.kind(),
                                segment.until(),
                                before.time().plus(segment.time())));
            } else {
                merged.add(segment);
            }
        }
        return merged;
    }

    /// The path task by task.
    public List<Step> steps() {
        var steps = new ArrayList<Step>();
        var open = new ArrayList<Segment>();
        for (var segment : segments) {
            if (!open.isEmpty()
                    && !java.util.Objects.equals(open.getLast().task(), segment.task())) {
                steps.add(step(open));
                open.clear();
            }
            open.add(segment);
        }
        if (!open.isEmpty()) {
            steps.add(step(open));
        }
        return steps;
    }

    private static Step step(List<Segment> segments) {
        var time = segments.stream().map(Segment::time).reduce(Duration.ZERO, Duration::plus);
        return new Step(segments.getFirst().task(), time, segments);
    }
}

package dev.tutti.core.history;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        var search = new Search();
        run.forEach(moment -> search.add(moment.at(), moment.event()));
        return search.found()
                .orElseThrow(() -> new IllegalArgumentException("the run has not ended"));
    }

    /// Finds the path of a run while its events are read, so that it is known as soon as the one
    /// that ends the run is. Holds some bytes of each event until then, and only the path from then
    /// on.
    public static final class Search {
        private @Nullable Causes causes = new Causes();
        private @Nullable CriticalPath found;

        /// Looks at the next event of the run. What comes after its end does not count.
        public void add(Instant at, Event event) {
            if (causes == null) {
                return;
            }
            causes.add(at, event);
            if (event instanceof Event.Ended) {
                found = endingWith(causes);
                causes = null;
            }
        }

        /// The path; nothing while the run has not ended.
        public Optional<CriticalPath> found() {
            return Optional.ofNullable(found);
        }
    }

    private static CriticalPath endingWith(Causes causes) {
        int last = causes.size() - 1;
        var backwards = new ArrayList<Segment>();
        for (int at = last; at > 0; at = causes.of(at).event()) {
            backwards.addAll(causes.split(at).reversed());
        }
        return new CriticalPath(
                Duration.between(causes.at(0), causes.at(last)), merged(backwards.reversed()));
    }

    private static List<Segment> merged(List<Segment> segments) {
        var merged = new ArrayList<Segment>();
        for (var segment : segments) {
            var before = merged.isEmpty() ? null : merged.getLast();
            if (before != null
                    && before.kind() == segment.kind()
                    && Objects.equals(before.task(), segment.task())) {
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
            if (!open.isEmpty() && !Objects.equals(open.getLast().task(), segment.task())) {
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

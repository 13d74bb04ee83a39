package dev.tutti.runtime.projection;

import dev.tutti.core.event.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a list of runs is asked for.
///
/// @param statuses words; empty for all
/// @param workflow name, or null for all
/// @param text words of the goal and the inputs, each a part of one in any case; or the beginning
///   of the id; or null
/// @param since the first moment at which they began, or null. A run within another is taken to
///   have begun with the outermost
/// @param until the first moment at which they had not begun yet, or null
public record RunFilter(
        Set<String> statuses,
        @Nullable String workflow,
        @Nullable String text,
        @Nullable Instant since,
        @Nullable Instant until) {
    public static final RunFilter ALL = new RunFilter(Set.of(), null, null, null, null);

    /// Whether it takes every run.
    boolean isOpen() {
        return statuses.isEmpty()
                && workflow == null
                && text == null
                && since == null
                && until == null;
    }

    /// The same, of another part of the time.
    public RunFilter within(Instant since, Instant until) {
        return new RunFilter(statuses, workflow, text, since, until);
    }

    /// When a run began, or the one that it is within.
    public static Instant begun(RunSummary run) {
        return run.run().madeAt().orElse(run.startedAt());
    }

    /// Whether it takes a run.
    public Predicate<RunSummary> taking() {
        var words =
                text == null
                        ? List.<String>of()
                        : List.of(text.toLowerCase(Locale.ROOT).split("\\s+"));
        var id = text == null ? "" : text.toUpperCase(Locale.ROOT);
        return run ->
                (statuses.isEmpty() || statuses.contains(run.status().word()))
                        && !isOver(run)
                        && (until == null || begun(run).isBefore(until))
                        && (workflow == null || run.goal().equals(workflow))
                        && (words.isEmpty()
                                || run.run().value().startsWith(id)
                                || hasAll(run, words));
    }

    private static boolean hasAll(RunSummary run, List<String> words) {
        var line = (run.goal() + " " + run.about()).toLowerCase(Locale.ROOT);
        return words.stream().allMatch(line::contains);
    }

    /// Whether a run, and with it all that are older, began too early.
    boolean isOver(RunSummary run) {
        return since != null && begun(run).isBefore(since);
    }

    /// Where the list is to be read from, so that nothing is read that began too late.
    ///
    /// @param before the run whose elders are wanted, or null
    @Nullable RunId from(@Nullable RunId before) {
        if (until == null) {
            return before;
        }
        var end = RunId.leastAt(until);
        return before == null || end.value().compareTo(before.value()) < 0 ? end : before;
    }
}

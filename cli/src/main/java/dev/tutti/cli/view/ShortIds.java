package dev.tutti.cli.view;

import dev.tutti.core.event.RunId;
import java.util.Collection;
import java.util.List;

/// Ids of runs, shortened to what tells them apart. The first ten characters of an id are its time
/// to the millisecond, so that later runs do not make a short id ambiguous. Runs within runs are
/// shown whole.
public final class ShortIds {
    private static final int LEAST = 10;

    private final List<String> outer;

    public ShortIds(Collection<RunId> known) {
        // Runs within a run never stand for it: without their part, a short id means the outer one.
        outer = known.stream().map(run -> run.outermost().value()).distinct().toList();
    }

    public String of(RunId run) {
        var id = run.value();
        if (!run.outermost().equals(run)) {
            return id;
        }
        int length = LEAST;
        for (var other : outer) {
            if (!other.equals(id)) {
                length = Math.max(length, common(id, other) + 1);
            }
        }
        return id.substring(0, Math.min(length, id.length()));
    }

    private static int common(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int same = 0;
        while (same < length && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return same;
    }
}

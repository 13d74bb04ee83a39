package dev.tutti.cli.view;

import dev.tutti.core.event.RunId;
import java.util.Collection;
import java.util.List;

/// Ids of runs, shortened to what tells them apart. The first ten characters of an id are its time
/// to the millisecond, so that later runs do not make a short id ambiguous. Runs within runs are
/// shown whole.
public final class ShortIds {
    private static final int LEAST = 10;

    private final List<String> sorted;

    public ShortIds(Collection<RunId> known) {
        sorted = known.stream().map(RunId::value).sorted().toList();
    }

    public String of(RunId run) {
        var id = run.value();
        if (id.indexOf('-') >= 0) {
            return id;
        }
        int length = LEAST;
        for (var known : sorted) {
            var other = outermost(known);
            if (!other.equals(id)) {
                length = Math.max(length, common(id, other) + 1);
            }
        }
        return id.substring(0, Math.min(length, id.length()));
    }

    /// The run that is within no other.
    public static RunId outermost(RunId run) {
        return new RunId(outermost(run.value()));
    }

    /// Runs within a run never stand for it: a short id without their part means the outer one.
    private static String outermost(String id) {
        int within = id.indexOf('-');
        return within < 0 ? id : id.substring(0, within);
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

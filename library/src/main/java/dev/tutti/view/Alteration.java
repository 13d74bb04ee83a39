package dev.tutti.view;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is new in something that people agreed to before, line by line: of a question whose subject
/// says what was `then` and what is `now`. A reader who has to find the difference alone agrees to
/// what was not read.
public final class Alteration {
    /// Lines that stay the same, before and after each that does not.
    private static final int AROUND = 2;

    private static final int MOST_LINES = 400;
    private static final String SAME = "  ";
    private static final String GONE = "- ";
    private static final String NEW = "+ ";

    private Alteration() {}

    /// Lines that begin with `- ` for what is gone and `+ ` for what is new; empty where the
    /// subject is of another kind. What would mislead a terminal is shown as an escape.
    public static List<String> of(Value subject) {
        if (!(subject instanceof Value.Struct struct)
                || !(struct.get("then") instanceof Value.Struct then)
                || !(struct.get("now") instanceof Value.Struct now)) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        for (var field : now.fields().keySet()) {
            // Of old, some things were not kept.
            if (!field.equals("sha256")) {
                append(field, text(then.get(field)), text(now.get(field)), lines);
            }
        }
        return lines.size() <= MOST_LINES ? List.copyOf(lines) : shortened(lines);
    }

    private static List<String> shortened(List<String> lines) {
        var begin = new ArrayList<>(lines.subList(0, MOST_LINES));
        begin.add("… " + (lines.size() - MOST_LINES) + " lines more: --json has all of it");
        return begin;
    }

    private static void append(
            String field, List<String> then, List<String> now, List<String> lines) {
        var deltas = DiffUtils.diff(then, now, true).getDeltas();
        if (then.equals(now)) {
            return;
        }
        lines.add(field + ":");
        for (int i = 0; i < deltas.size(); i++) {
            var delta = deltas.get(i);
            switch (delta.getType()) {
                case EQUAL -> same(delta, i > 0, i < deltas.size() - 1, lines);
                case DELETE, INSERT, CHANGE -> {
                    delta.getSource().getLines().forEach(line -> lines.add(GONE + line));
                    delta.getTarget().getLines().forEach(line -> lines.add(NEW + line));
                }
            }
        }
    }

    private static void same(
            AbstractDelta<String> delta, boolean after, boolean before, List<String> lines) {
        var all = delta.getSource().getLines();
        int head = after ? Math.min(AROUND, all.size()) : 0;
        int tail = before ? Math.max(head, all.size() - AROUND) : all.size();
        all.subList(0, head).forEach(line -> lines.add(SAME + line));
        if (tail > head) {
            lines.add(SAME + "…");
        }
        all.subList(tail, all.size()).forEach(line -> lines.add(SAME + line));
    }

    private static List<String> text(@Nullable Value value) {
        return switch (value) {
            case null -> List.of();
            case Value.Text(var text) -> Printable.lines(text).lines().toList();
            case Value other -> Printable.lines(Json.pretty(Json.sorted(other))).lines().toList();
        };
    }
}

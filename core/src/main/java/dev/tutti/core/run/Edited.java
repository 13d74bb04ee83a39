package dev.tutti.core.run;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a person changed of a task's input, for whoever does it: who only sees the input as it is
/// now may think it a slip, and do what was meant before.
final class Edited {
    private static final int MOST_FIELDS = 8;
    private static final int LONGEST = 120;

    private Edited() {}

    /// The change in a sentence.
    static String told(String by, Value.Struct before, Value.Struct after) {
        var names = new TreeSet<>(before.fields().keySet());
        names.addAll(after.fields().keySet());
        var changes = new ArrayList<String>();
        int more = 0;
        for (var name : names) {
            var was = before.get(name);
            var is = after.get(name);
            if (Objects.equals(was, is)) {
                continue;
            }
            if (changes.size() == MOST_FIELDS) {
                more++;
            } else if (was == null) {
                changes.add("`" + name + "` was added: " + written(is));
            } else if (is == null) {
                changes.add("`" + name + "` was taken out; it was " + written(was));
            } else {
                changes.add("`" + name + "` was " + written(was) + " and is " + written(is));
            }
        }
        return by
                + " changed this input: "
                + String.join("; ", changes)
                + (more == 0 ? "" : "; and " + more + " more");
    }

    private static String written(@Nullable Value value) {
        var text = value == null ? "nothing" : Digest.canonical(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}

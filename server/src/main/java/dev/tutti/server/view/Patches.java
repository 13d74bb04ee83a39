package dev.tutti.server.view;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// What of a run changed since when. A patch says how changed rows are now, not how they changed,
/// so that who missed some is helped by one; and those who know the same are given the same bytes.
final class Patches {
    private final Map<String, Value.Struct> rows = new HashMap<>();
    private final Map<String, Long> changed = new HashMap<>();
    private final Map<Long, byte[]> made = new HashMap<>();
    private Value.Struct header = Value.Struct.EMPTY;
    private long sequence;

    Patch since(long from, RunFold fold, Function<RunFold, Rendered> render) {
        if (sequence != fold.sequence()) {
            see(render.apply(fold), fold.sequence());
        }
        var json =
                from >= sequence
                        ? new byte[0]
                        : made.computeIfAbsent(from, since -> json(since, fold));
        return new Patch(from, sequence, fold.position(), json, fold.status().isFinal());
    }

    private void see(Rendered rendered, long now) {
        header = rendered.header();
        rendered.rows()
                .forEach((task, row) -> {
                    if (!row.equals(rows.put(task, row))) {
                        changed.put(task, now);
                    }
                });
        sequence = now;
        made.clear();
    }

    private byte[] json(long from, RunFold fold) {
        var tasks = new ArrayList<Value>();
        for (var task : fold.state().graph().order()) {
            var row = rows.get(task);
            if (row != null && changed.getOrDefault(task, 0L) > from) {
                tasks.add(row);
            }
        }
        return Json.bytes(
                Value.struct(
                        "run",
                        Value.text(fold.run().value()),
                        "from",
                        Value.of(from),
                        "sequence",
                        Value.of(sequence),
                        "view",
                        header,
                        "tasks",
                        new Value.Array(tasks)));
    }
}

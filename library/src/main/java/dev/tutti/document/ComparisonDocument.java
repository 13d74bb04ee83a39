package dev.tutti.document;

import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Comparison;
import dev.tutti.core.history.Comparison.Cause;
import dev.tutti.core.history.Comparison.Change;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Where two runs part, for programs: what `tutti diff --json` prints and the page draws.
public final class ComparisonDocument {
    private ComparisonDocument() {}

    /// The document.
    public static Value.Struct of(Chronicle one, Chronicle other, Comparison comparison) {
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "left",
                run(one),
                "right",
                run(other),
                "first",
                comparison.first().map(ComparisonDocument::change).orElse(Value.NULL),
                "downstream",
                changes(comparison, Cause.DOWNSTREAM),
                "independent",
                changes(comparison, Cause.INDEPENDENT),
                "same",
                Value.of(comparison.same()),
                "other_attempts",
                Value.from(comparison.retried().stream().map(TaskId::toString).toList()));
    }

    private static Value run(Chronicle run) {
        return Value.struct(
                "run",
                Value.text(run.start().run().value()),
                "status",
                Value.text(run.status().word()),
                "events",
                Value.of(run.events()),
                "ms",
                Value.of(run.took().toMillis()),
                "cost",
                RunDocument.cost(run.usage()),
                "output",
                run.output());
    }

    private static Value changes(Comparison comparison, Cause cause) {
        return new Value.Array(
                comparison.all(cause).stream().map(ComparisonDocument::change).toList());
    }

    private static Value change(Change change) {
        var differences = new ArrayList<Value>();
        for (var difference : change.differences()) {
            differences.add(
                    Value.struct(
                            "aspect",
                            Value.text(difference.aspect().word()),
                            "left_event",
                            Value.of(difference.leftAt()),
                            "right_event",
                            Value.of(difference.rightAt()),
                            "left",
                            or(difference.left()),
                            "right",
                            or(difference.right())));
        }
        return Value.struct(
                "left",
                RunDocument.task(change.left()),
                "right",
                RunDocument.task(change.right()),
                "differences",
                new Value.Array(differences));
    }

    private static Value or(@Nullable Value value) {
        return value == null ? Value.NULL : value;
    }
}

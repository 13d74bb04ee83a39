package dev.tutti.document;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.history.Replay;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What came of folding a run again, for programs: what `tutti replay --json` prints.
public final class ReplayDocument {
    private ReplayDocument() {}

    /// What came of it.
    ///
    /// @param expected the digest that is to come out, or null for any
    /// @param digests those of the events that were compared, or null where nobody wants them
    public static Value.Struct of(
            RunId run,
            Replay replay,
            @Nullable String expected,
            @Nullable SequencedMap<Long, String> digests) {
        boolean holds =
                replay.mismatch().isEmpty()
                        && (expected == null || expected.equals(replay.digest()));
        var document = new LinkedHashMap<String, Value>();
        document.put("format", RunDocument.FORMAT);
        document.put("run", Value.text(run.value()));
        document.put("events", Value.of(replay.events()));
        document.put("digest", Value.text(replay.digest()));
        document.put("compared", Value.of(replay.compared()));
        document.put("holds", Value.of(holds));
        document.put("expected", expected == null ? Value.NULL : Value.text(expected));
        document.put(
                "mismatch",
                replay.mismatch()
                        .<Value>map(mismatch ->
                                Value.struct(
                                        "event",
                                        Value.of(mismatch.sequence()),
                                        "what",
                                        Value.text(mismatch.what())))
                        .orElse(Value.NULL));
        if (digests != null) {
            var all = new ArrayList<Value>();
            digests.forEach((sequence, digest) ->
                    all.add(
                            Value.struct(
                                    "event", Value.of(sequence), "digest", Value.text(digest))));
            document.put("digests", new Value.Array(all));
        }
        return new Value.Struct(document);
    }
}

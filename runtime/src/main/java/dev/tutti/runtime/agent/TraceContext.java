package dev.tutti.runtime.agent;

import dev.tutti.core.event.RunId;
import dev.tutti.runtime.artifact.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The names that a run and what happens in it have in distributed traces (W3C Trace Context).
///
/// They follow from the ids in the journal alone, so that an attempt can be told the name of its
/// span before that span exists, and every process that derives spans from the same journal gives
/// them the same names. A run and the runs within it are one trace.
public final class TraceContext {
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private TraceContext() {}

    /// The trace of a run: 32 hexadecimal digits, the same for the runs within it.
    public static String traceId(RunId run) {
        return digits("trace", run.outermost().value(), TRACE_BYTES);
    }

    /// The span of the run itself: 16 hexadecimal digits.
    public static String runSpan(RunId run) {
        return digits("run", run.value(), SPAN_BYTES);
    }

    /// The span of an attempt.
    ///
    /// @param token names the attempt within its run
    public static String attemptSpan(RunId run, long token) {
        return digits("attempt", run.value() + '/' + token, SPAN_BYTES);
    }

    /// The span of anything else that happens in a run.
    ///
    /// @param kind what kind of thing it is
    /// @param name tells it from others of its kind within the run
    public static String span(RunId run, String kind, String name) {
        return digits(kind, run.value() + '/' + name, SPAN_BYTES);
    }

    /// The header `traceparent` for what an attempt calls.
    public static String traceparent(RunId run, long token) {
        return "00-" + traceId(run) + "-" + attemptSpan(run, token) + "-01";
    }

    /// A name of nothing but zeros is not allowed.
    private static String digits(String kind, String name, int bytes) {
        var hash =
                Sha256.digest()
                        .digest(("tutti/" + kind + "/" + name).getBytes(StandardCharsets.UTF_8));
        hash[0] = hash[0] == 0 ? 1 : hash[0];
        return HexFormat.of().formatHex(hash, 0, bytes);
    }
}

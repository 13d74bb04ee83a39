package dev.tutti.server;

import dev.tutti.core.event.RunId;
import dev.tutti.runtime.agent.TraceContext;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.live.Streams;
import dev.tutti.server.view.Inbox;
import dev.tutti.server.view.RunPages;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How the server does, in the text that Prometheus reads, or as OpenMetrics for who accepts that.
/// What can be said of runs from their events is exported over OTLP; this is of the process that
/// serves them.
///
/// OpenMetrics 1.0 differs by its end, by what it calls a family of counters, and by exemplars: of
/// each kind of request the slowest of the last minute that was about a run, or came with a trace
/// of its own, by the id of the trace.
final class Metrics implements Routes.Watch {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    static final String OPEN_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final Duration RECENT = Duration.ofMinutes(1);

    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    /// A whole id of a run, and not the beginning of one.
    private static final Pattern WHOLE_RUN = Pattern.compile("[0-9A-Z]{26}(-[0-9]+)*");

    private final Map<Labels, Requests> requests = new ConcurrentHashMap<>();
    private final RunPages runs;
    private final Inbox inbox;
    private final Streams streams;
    private final Clock clock;

    /// As many as there are routes, by five.
    private record Labels(String method, String route, String status) {}

    private static final class Requests {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final AtomicReference<@Nullable Exemplar> slowest = new AtomicReference<>();

        private void see(Exemplar one) {
            slowest.updateAndGet(known ->
                    known == null
                                    || one.nanos > known.nanos
                                    || known.at.isBefore(one.at.minus(RECENT))
                            ? one
                            : known);
        }
    }

    /// A request that can be looked up.
    private record Exemplar(String trace, long nanos, Instant at) {
        private String written() {
            return String.format(
                    Locale.ROOT,
                    " # {trace_id=\"%s\"} %s %d.%03d",
                    trace,
                    nanos / 1e9,
                    at.getEpochSecond(),
                    at.getNano() / 1_000_000);
        }
    }

    Metrics(RunPages runs, Inbox inbox, Streams streams, Clock clock) {
        this.clock = clock;
        this.runs = runs;
        this.inbox = inbox;
        this.streams = streams;
    }

    @Override
    public void handled(Route route, Context request, int status, long nanos) {
        var labels = new Labels(route.method().name(), route.path(), status / 100 + "xx");
        var seen = requests.computeIfAbsent(labels, _ -> new Requests());
        seen.count.increment();
        seen.nanos.add(nanos);
        var trace = trace(request);
        if (trace != null) {
            seen.see(new Exemplar(trace, nanos, clock.instant()));
        }
    }

    /// The trace that a request belongs to: that of whoever asked, or of the run that it was about.
    private static @Nullable String trace(Context request) {
        var given = request.header("traceparent");
        if (given != null) {
            var parts = TRACEPARENT.matcher(given);
            if (parts.matches()) {
                return parts.group(1);
            }
        }
        var run = request.pathParamMap().get("run");
        return run != null && WHOLE_RUN.matcher(run).matches()
                ? TraceContext.traceId(new RunId(run))
                : null;
    }

    /// Answers in the form that is accepted.
    void answer(Context request) {
        var accepted = request.header("accept");
        boolean open = accepted != null && accepted.contains("application/openmetrics-text");
        request.contentType(open ? OPEN_TYPE : TYPE).result(text(open));
    }

    /// The text.
    ///
    /// @param open whether as OpenMetrics
    private String text(boolean open) {
        var text = new Text(open);
        text.one("tutti_runs_under_way", "gauge", "Runs that have not ended.", inbox.underWay());
        text.one(
                "tutti_questions_open",
                "gauge",
                "Questions to people without an answer.",
                inbox.open(null).size());
        text.one(
                "tutti_journal_position",
                "gauge",
                "The last position of the journal, which rises with every event.",
                runs.position());
        text.one("tutti_live_readers", "gauge", "Readers of live streams.", streams.readers());
        text.one(
                "tutti_live_readers_cut_total",
                "counter",
                "Live readers that went away or were cut.",
                streams.cut());
        var memory = Runtime.getRuntime();
        text.one(
                "tutti_heap_used_bytes",
                "gauge",
                "Heap in use, garbage included.",
                memory.totalMemory() - memory.freeMemory());
        var sorted = new TreeMap<String, Requests>();
        requests.forEach((labels, seen) -> sorted.put(labels(labels), seen));
        text.head("tutti_http_requests_total", "counter", "Requests that were answered.");
        sorted.forEach((labels, seen) ->
                text.line(
                        "tutti_http_requests_total" + labels,
                        String.valueOf(seen.count.sum()),
                        null));
        text.head("tutti_http_request_seconds_total", "counter", "Time that answers took.");
        sorted.forEach((labels, seen) ->
                text.line(
                        "tutti_http_request_seconds_total" + labels,
                        String.valueOf(seen.nanos.sum() / 1e9),
                        seen.slowest.get()));
        return text.end();
    }

    private static String labels(Labels of) {
        return "{method=\""
                + of.method
                + "\",route=\""
                + of.route.replace("\\", "\\\\").replace("\"", "\\\"")
                + "\",status=\""
                + of.status
                + "\"}";
    }

    /// A text in either form.
    private static final class Text {
        private static final String TOTAL = "_total";

        private final StringBuilder text = new StringBuilder();
        private final boolean open;

        private Text(boolean open) {
            this.open = open;
        }

        private void one(String name, String type, String help, long value) {
            head(name, type, help);
            line(name, String.valueOf(value), null);
        }

        /// OpenMetrics has the suffix of counters with the samples only.
        private void head(String name, String type, String help) {
            var family =
                    open && name.endsWith(TOTAL)
                            ? name.substring(0, name.length() - TOTAL.length())
                            : name;
            text.append("# HELP ").append(family).append(' ').append(help).append('\n');
            text.append("# TYPE ").append(family).append(' ').append(type).append('\n');
        }

        private void line(String series, String value, @Nullable Exemplar exemplar) {
            text.append(series).append(' ').append(value);
            if (open && exemplar != null) {
                text.append(exemplar.written());
            }
            text.append('\n');
        }

        private String end() {
            return open ? text.append("# EOF\n").toString() : text.toString();
        }
    }
}

package dev.tutti.server;

import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.live.Streams;
import dev.tutti.server.view.Inbox;
import dev.tutti.server.view.RunPages;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How the server does, in the text that Prometheus reads. What can be said of runs from their
/// events is exported over OTLP; this is of the process that serves them.
final class Metrics implements Routes.Watch {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Map<Labels, Requests> requests = new ConcurrentHashMap<>();
    private final RunPages runs;
    private final Inbox inbox;
    private final Streams streams;

    /// As many as there are routes, by five.
    private record Labels(String method, String route, String status) {}

    private static final class Requests {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();
    }

    Metrics(RunPages runs, Inbox inbox, Streams streams) {
        this.runs = runs;
        this.inbox = inbox;
        this.streams = streams;
    }

    @Override
    public void handled(Route route, int status, long nanos) {
        var labels = new Labels(route.method().name(), route.path(), status / 100 + "xx");
        var seen = requests.computeIfAbsent(labels, _ -> new Requests());
        seen.count.increment();
        seen.nanos.add(nanos);
    }

    /// The text.
    String text() {
        var text = new StringBuilder();
        one(text, "tutti_runs_under_way", "gauge", "Runs that have not ended.", inbox.underWay());
        one(
                text,
                "tutti_questions_open",
                "gauge",
                "Questions to people without an answer.",
                inbox.open(null).size());
        one(
                text,
                "tutti_journal_position",
                "gauge",
                "The last position of the journal, which rises with every event.",
                runs.position());
        one(text, "tutti_live_readers", "gauge", "Readers of live streams.", streams.readers());
        one(
                text,
                "tutti_live_readers_cut_total",
                "counter",
                "Live readers that went away or were cut.",
                streams.cut());
        var memory = Runtime.getRuntime();
        one(
                text,
                "tutti_heap_used_bytes",
                "gauge",
                "Heap in use, garbage included.",
                memory.totalMemory() - memory.freeMemory());
        var sorted = new TreeMap<String, Requests>();
        requests.forEach((labels, seen) -> sorted.put(labels(labels), seen));
        head(text, "tutti_http_requests_total", "counter", "Requests that were answered.");
        sorted.forEach((labels, seen) ->
                line(text, "tutti_http_requests_total" + labels, String.valueOf(seen.count.sum())));
        head(text, "tutti_http_request_seconds_total", "counter", "Time that answers took.");
        sorted.forEach((labels, seen) ->
                line(
                        text,
                        "tutti_http_request_seconds_total" + labels,
                        String.valueOf(seen.nanos.sum() / 1e9)));
        return text.toString();
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

    private static void one(StringBuilder to, String name, String type, String help, long value) {
        head(to, name, type, help);
        line(to, name, String.valueOf(value));
    }

    private static void head(StringBuilder to, String name, String type, String help) {
        to.append("# HELP ").append(name).append(' ').append(help).append('\n');
        to.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder to, String series, String value) {
        to.append(series).append(' ').append(value).append('\n');
    }
}

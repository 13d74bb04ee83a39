package dev.tutti.server.report;

import dev.tutti.Tutti;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.history.Watch;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.TaskPages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// A run as one file: markup that needs no script, and over it the views of the dashboard, with all
/// that they would ask a server for. Where Tutti was built without the dashboard, or the reader
/// allows no scripts, the markup is what there is; it is also what is printed.
public final class Report {
    /// What unpacks the views and begins them. If it cannot, the markup stays.
    private static final String BEGIN =
            """
            (async () => {
              const root = document.documentElement;
              const plain = document.getElementById("plain-style");
              const back = () => { plain.media = "all"; root.classList.remove("views"); };
              root.classList.add("views");
              try {
                const packed = Uint8Array.from(atob(document.getElementById("packed").textContent), (c) => c.charCodeAt(0));
                const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
                const { script, style, worker, record } = JSON.parse(text);
                const from = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
                const sheet = document.createElement("style");
                sheet.textContent = style;
                sheet.media = "screen";
                plain.media = "print";
                document.head.append(sheet);
                window.tuttiFile = { record, worker: from(worker) };
                const begin = document.createElement("script");
                begin.src = from(script);
                begin.onerror = back;
                document.head.append(begin);
              } catch {
                back();
              }
            })();
            """;

    private static final String STYLE =
            """
            .views #plain { display: none }
            @media print { .views #plain { display: block } .views #root { display: none !important } }
            """;

    private Report() {}

    /// The file of a run as its journal has it now: of the same journal always the same.
    ///
    /// @param runs of the store that `tutti` is of
    /// @param watch is told how far it is: of all parts
    public static String of(Tutti tutti, RunPages runs, TaskPages tasks, RunId run, Watch watch)
            throws IOException {
        var bundle = Bundle.read();
        var record =
                bundle.isPresent()
                        ? new Contents(tutti, runs, tasks, run, watch).record()
                        : Value.Struct.EMPTY;
        try (var journal = tutti.reader()) {
            return page(History.of(journal, run), bundle, record);
        }
    }

    private static String page(History history, Optional<Bundle> bundle, Value.Struct record)
            throws IOException {
        var overview = history.overview();
        var html = new Html();
        html.markup("<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n")
                .markup("<meta name=viewport content=\"width=device-width, initial-scale=1\">\n")
                .markup("<meta http-equiv=Content-Security-Policy content=\"")
                .markup(policy(bundle.isPresent()) + "\">\n")
                .markup("<meta name=color-scheme content=\"light dark\">\n")
                .markup(
                        "<title>{} {} · {}</title>\n",
                        PlainPage.goal(overview),
                        overview.state().status().word(),
                        overview.run())
                .markup("<style id=plain-style>\n")
                .markup(Bundle.text("/dev/tutti/server/report/page.css"))
                .markup(
                        "</style>\n<style>\n"
                                + STYLE
                                + "</style>\n</head>\n<body>\n<div id=plain>\n");
        PlainPage.write(history, html);
        html.markup("</div>\n");
        if (bundle.isPresent()) {
            html.markup("<script type=\"text/plain\" id=packed>")
                    .markup(packed(bundle.get().with(record)))
                    .markup("</script>\n<script>")
                    .markup(BEGIN)
                    .markup("</script>\n");
        }
        return html.markup("</body>\n</html>\n").toString();
    }

    /// Nothing is loaded from elsewhere and nothing is sent: what runs is what is in the file.
    private static String policy(boolean views) {
        var policy = "default-src 'none'; style-src 'unsafe-inline'";
        return views
                ? policy
                        + "; script-src 'sha256-"
                        + sha256(BEGIN)
                        + "' blob:; worker-src blob:; font-src data:; img-src data:;"
                        + " base-uri 'none'; form-action 'none'"
                : policy;
    }

    private static String sha256(String text) {
        return Base64.getEncoder()
                .encodeToString(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String packed(Value.Struct parts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Json.bytes(parts));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}

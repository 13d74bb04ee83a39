package dev.tutti.server.report;

import dev.tutti.core.event.Value;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The views of a run as the build made them: a script, a style, and what lays graphs out.
record Bundle(String script, String style, String worker) {
    private static final String PAGE = "/dev/tutti/server/web/";

    /// Nothing where this Tutti was built without the dashboard.
    static Optional<Bundle> read() throws IOException {
        if (Bundle.class.getResource(PAGE + "file/views.js") == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Bundle(
                        text(PAGE + "file/views.js"),
                        text(PAGE + "file/views.css"),
                        text(PAGE + text(PAGE + "file/worker").strip())));
    }

    static String text(String name) throws IOException {
        try (var in = Bundle.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// What the script of the file unpacks.
    Value.Struct with(Value.Struct record) {
        return Value.struct(
                "script",
                Value.text(script),
                "style",
                Value.text(style),
                "worker",
                Value.text(worker),
                "record",
                record);
    }
}

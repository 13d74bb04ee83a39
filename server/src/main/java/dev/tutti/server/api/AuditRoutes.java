package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.core.event.Value;
import dev.tutti.document.Deed;
import dev.tutti.document.Deeds;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who did what, when and why.
public final class AuditRoutes {
    /// Entries that are looked at for one answer; what is left is for the next.
    private static final long MOST_READ = 200_000;

    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final int MOST_EXPORTED = 100_000;

    private final Desk desk;
    private final InstantSource clock;
    private final Deeds deeds = new Deeds();

    public AuditRoutes(Desk desk, InstantSource clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                filtered(
                                Route.get(
                                                "/api/v1/audit",
                                                Right.VIEW,
                                                this::list,
                                                "Who did what, when and why, the newest first.")
                                        .shows("Audit"))
                        .query("before", "the position that the page ends before")
                        .query("limit", "how many, 1000 at most; 100"),
                filtered(
                                Route.get(
                                        "/api/v1/audit.csv",
                                        Right.VIEW,
                                        this::export,
                                        "The same for a spreadsheet, 100000 lines at most."))
                        .gives(200, "text/csv"));
    }

    private static Route filtered(Route route) {
        return route.query("by", "a part of the name of who did it")
                .query("verb", "what was done, such as `retry`")
                .query("run", "the beginning of an id")
                .query("since", "a moment, or how long ago: `24h`");
    }

    private void list(Context request) {
        boolean whole = readOn();
        int limit = (int) Desk.number(request, "limit", USUAL, 1, MOST);
        var found = deeds.find(wanted(request), limit);
        answer(
                request,
                200,
                Value.struct(
                        "whole",
                        Value.of(whole),
                        "next",
                        found.size() < limit ? Value.NULL : Value.of(found.getLast().position()),
                        "deeds",
                        new Value.Array(found.stream().<Value>map(Deed::value).toList())));
    }

    private void export(Context request) {
        while (!readOn()) {
            // An export has all of it.
        }
        var text = new StringBuilder(Deed.COLUMNS).append("\r\n");
        deeds.find(wanted(request), MOST_EXPORTED)
                .forEach(deed -> text.append(deed.row()).append("\r\n"));
        request.header("content-disposition", "attachment; filename=\"audit.csv\"")
                .contentType("text/csv; charset=utf-8")
                .result(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private boolean readOn() {
        try (var reader = desk.tutti().reader()) {
            return deeds.readOn(reader, MOST_READ, (_, _) -> {});
        }
    }

    private Deeds.Wanted wanted(Context request) {
        var run = text(request, "run");
        return new Deeds.Wanted(
                text(request, "by"),
                text(request, "verb"),
                run == null ? null : run.toUpperCase(Locale.ROOT),
                Desk.moment("since", text(request, "since"), clock.instant(), null),
                Desk.number(request, "before", Long.MAX_VALUE, 1, Long.MAX_VALUE));
    }

    private static @Nullable String text(Context request, String name) {
        var text = request.queryParam(name);
        return text == null || text.isBlank() ? null : text.strip();
    }
}

package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Refusal;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Blame;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Comparison;
import dev.tutti.document.BlameDocument;
import dev.tutti.document.BlameTarget;
import dev.tutti.document.ComparisonDocument;
import dev.tutti.document.ReplayDocument;
import dev.tutti.history.Moments;
import dev.tutti.history.Replay;
import dev.tutti.history.Watch;
import dev.tutti.history.Witnesses;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.server.http.Download;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.report.Report;
import dev.tutti.wiring.Definitions;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// What can be said of runs once they are written: compared, blamed, folded again. Nothing is done.
public final class HistoryRoutes {
    /// A journal that is longer is compared in a shell, which says how far it is.
    private static final long LONGEST = 200_000;

    private static final int MOST_WITNESSES = 2_000;
    private static final int USUAL_WITNESSES = 200;

    private static final int FILES_AT_ONCE = 2;

    private final Desk desk;
    private final Semaphore files = new Semaphore(FILES_AT_ONCE);

    public HistoryRoutes(Desk desk) {
        this.desk = desk;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                Route.get(
                                "/api/v1/diff",
                                Right.VIEW,
                                this::diff,
                                "Where two runs part, as `tutti diff --json` prints it.")
                        .query("run", "one run")
                        .query("other", "the other")
                        .shows("Comparison")
                        .refuses(422),
                Route.get(
                                RunRoutes.RUN + "/blame",
                                Right.VIEW,
                                this::blame,
                                "Where a wrong result may have come from, the most suspicious first.")
                        .query("task", "whose output is wrong; the run's")
                        .query("path", "the part of it that is wrong, such as `notes[0].total`")
                        .query("expected", "what should be there, JSON or a text")
                        .query("against", "a run that was right")
                        .query("runs", "how many other runs are looked at, 2000 at most; 200")
                        .shows("Blame")
                        .refuses(409, 422),
                Route.get(
                                RunRoutes.RUN + "/replay",
                                Right.VIEW,
                                this::replay,
                                "Folds a run again from its journal and compares digests.")
                        .query("expect", "the digest that is to come out")
                        .shows("Replay")
                        .refuses(409, 422),
                Route.get(
                                RunRoutes.RUN + "/export",
                                Right.VIEW,
                                this::export,
                                "A run as one HTML file, as `tutti export` writes it.")
                        .gives(200, "text/html")
                        .refuses(422, 429));
    }

    private void diff(Context request) {
        var run = named(request, "run");
        var other = named(request, "other");
        // Reading is nearly all of the time that it takes.
        var both = Both.of(() -> chronicle(run), () -> chronicle(other));
        answer(
                request,
                200,
                ComparisonDocument.of(
                        both.one(),
                        both.other(),
                        Comparison.of(both.one(), both.other(), new Expressions())));
    }

    private RunId named(Context request, String name) {
        var text = request.queryParam(name);
        if (text == null || text.isBlank()) {
            throw Problem.badRequest("`run` and `other` are the two runs");
        }
        return desk.run(text.strip());
    }

    private Chronicle chronicle(RunId run) {
        try (var reader = desk.tutti().reader()) {
            if (reader.head(stream(run)) > LONGEST) {
                throw new Problem(
                        422,
                        "too_long",
                        "run "
                                + run
                                + " has more than "
                                + LONGEST
                                + " events; a shell on the same store can");
            }
            return Chronicle.of(Moments.of(reader, stream(run), Watch.NOBODY));
        }
    }

    private static StreamId stream(RunId run) {
        return StreamId.run(TenantId.LOCAL, run);
    }

    private void blame(Context request) {
        var run = desk.run(request);
        int most = (int) Desk.number(request, "runs", USUAL_WITNESSES, 0, MOST_WITNESSES);
        var against = text(request, "against");
        var right = against == null ? null : desk.run(against);
        if (run.equals(right)) {
            throw Problem.badRequest("a run cannot be held against itself; name another");
        }
        var chronicle = chronicle(run);
        Blame.Target target;
        try {
            target =
                    BlameTarget.of(
                            chronicle,
                            text(request, "task"),
                            text(request, "path"),
                            text(request, "expected"));
        } catch (Refusal e) {
            throw new Problem(422, "refused", String.valueOf(e.getMessage()));
        }
        try (var reader = desk.tutti().reader()) {
            var witnesses =
                    Witnesses.of(
                            reader,
                            new Definitions(),
                            chronicle,
                            stream(run),
                            most,
                            right == null ? null : stream(right),
                            Watch.NOBODY);
            var blame = Blame.of(chronicle, target, witnesses.precedents(), new Expressions());
            answer(
                    request,
                    200,
                    new BlameDocument(chronicle, target, blame, witnesses, RunId::value)
                            .document());
        }
    }

    private void replay(Context request) {
        var run = desk.run(request);
        var expected = text(request, "expect");
        if (expected != null && !expected.matches("[0-9a-f]{64}")) {
            throw Problem.badRequest("a digest is 64 hexadecimal digits");
        }
        try (var reader = desk.tutti().reader()) {
            var replay =
                    Replay.of(reader, stream(run), Replay.Reach.USUAL, (_, _) -> {}, Watch.NOBODY);
            answer(request, 200, ReplayDocument.of(run, replay, expected, null));
        }
    }

    /// Given to be saved: it has scripts of its own, which this place's policy would not let run.
    private void export(Context request) {
        var run = desk.run(request);
        if (!files.tryAcquire()) {
            throw new Problem(
                    429, "busy", FILES_AT_ONCE + " runs are being written; ask again in a moment");
        }
        String file;
        try {
            file = Report.of(desk.tutti(), desk.runs(), desk.tasks(), run, Watch.NOBODY);
        } catch (IOException e) {
            throw Download.damaged(e);
        } finally {
            files.release();
        }
        request.header(
                        "content-disposition",
                        "attachment; filename=\"run-" + run.value() + ".html\"")
                .contentType("text/html; charset=utf-8")
                .result(file);
    }

    private static @Nullable String text(Context request, String name) {
        var text = request.queryParam(name);
        return text == null || text.isBlank() ? null : text.strip();
    }
}

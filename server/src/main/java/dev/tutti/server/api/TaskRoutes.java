package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.core.event.Event;
import dev.tutti.core.history.Lineage;
import dev.tutti.server.http.Download;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.view.Preview;
import dev.tutti.server.view.TaskPages.Wanted;
import io.javalin.http.Context;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Looks into the tasks of runs.
public final class TaskRoutes {
    private static final String TASK = RunRoutes.RUN + "/tasks/{task}";
    private static final int MOST_ITEMS = 500;
    private static final int USUAL_ITEMS = 50;
    private static final int USUAL_PIECES = 500;
    private static final String WHEN = "after how many events; now";

    private final Desk desk;

    public TaskRoutes(Desk desk) {
        this.desk = desk;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                Route.get(TASK, Right.VIEW, this::drawer, "Everything of one task.")
                        .query("at", WHEN)
                        .shows("Drawer"),
                Route.get(TASK + "/input", Right.VIEW, this::input, "What a task was given, whole.")
                        .query("at", WHEN)
                        .shows("any"),
                Route.get(TASK + "/output", Right.VIEW, this::output, "What a task gave, whole.")
                        .query("at", WHEN)
                        .shows("any"),
                Route.get(
                                TASK + "/lineage",
                                Right.VIEW,
                                this::lineage,
                                "What a task rests on, back to every input and call.")
                        .query("limit", "how many pieces, 20000 at most; 500")
                        .query("used_by", "true for what of the run rests on it; false")
                        .query("at", WHEN)
                        .shows("Lineage"),
                Route.get(TASK + "/items", Right.VIEW, this::items, "Items, the worst first.")
                        .query("limit", "how many, 500 at most; 50")
                        .query("offset", "how many are left out; 0")
                        .query("state", "one word")
                        .query("q", "a part of the label")
                        .query("at", WHEN)
                        .shows("Items"),
                Route.get(
                                RunRoutes.RUN + "/artifacts/{hash}",
                                Right.VIEW,
                                this::artifact,
                                "What an agent of the run stored.")
                        .gives(200, "application/octet-stream"),
                Route.get(
                                RunRoutes.RUN + "/artifacts/{hash}/preview",
                                Right.VIEW,
                                this::preview,
                                "The beginning of what an agent stored, where it can be read.")
                        .shows("ArtifactPreview"),
                Route.get(
                                RunRoutes.RUN + "/artifacts/{hash}/image",
                                Right.VIEW,
                                this::image,
                                "A picture that an agent stored: PNG, JPEG, GIF or WebP by its"
                                        + " bytes.")
                        .gives(200, "image/png")
                        .also(200, "image/jpeg", "")
                        .also(200, "image/gif", "")
                        .also(200, "image/webp", "")
                        .refuses(415),
                Route.get(
                                RunRoutes.RUN + "/strip",
                                Right.VIEW,
                                this::strip,
                                "The state of every task, a letter each.")
                        .query("at", WHEN)
                        .shows("Strip"),
                Route.get(
                                RunRoutes.RUN + "/ran",
                                Right.VIEW,
                                this::ran,
                                "The run as it ran: items and attempts as nodes, 300 at most.")
                        .query("at", WHEN)
                        .shows("Ran"),
                Route.get(
                                RunRoutes.RUN + "/timeline",
                                Right.VIEW,
                                this::timeline,
                                "When tasks were at what.")
                        .query("task", "a fan-out whose items are wanted")
                        .query("at", WHEN)
                        .shows("Timeline"));
    }

    private void drawer(Context request) {
        answer(
                request,
                200,
                desk.tasks()
                        .drawer(desk.run(request), Desk.task(request), Desk.at(request))
                        .orElseThrow(Desk::noTask));
    }

    private void input(Context request) {
        payload(request, false);
    }

    private void output(Context request) {
        payload(request, true);
    }

    private void payload(Context request, boolean output) {
        answer(
                request,
                200,
                desk.tasks()
                        .payload(desk.run(request), Desk.task(request), output, Desk.at(request))
                        .orElseThrow(() ->
                                new Problem(
                                        404, "no_payload", "there is none, as the run stands")));
    }

    private void lineage(Context request) {
        var run = desk.run(request);
        var task = Desk.task(request);
        long at = Desk.at(request);
        boolean usedBy = Desk.flag(request, "used_by");
        int most = (int) Desk.number(request, "limit", USUAL_PIECES, 1, Lineage.MOST_PIECES);
        if (!desk.tasks().has(run, task, at)) {
            throw Desk.noTask();
        }
        answer(
                request,
                200,
                desk.tasks()
                        .lineage(run, task, usedBy, most, at)
                        .orElseThrow(() ->
                                new Problem(
                                        404, "no_lineage", "there is none, as the run stands")));
    }

    private void items(Context request) {
        var wanted =
                new Wanted(
                        text(request, "state"),
                        text(request, "q"),
                        (int) Desk.number(request, "offset", 0, 0, Integer.MAX_VALUE),
                        (int) Desk.number(request, "limit", USUAL_ITEMS, 1, MOST_ITEMS));
        answer(
                request,
                200,
                desk.tasks()
                        .items(
                                desk.run(request),
                                Desk.task(request).name(),
                                wanted,
                                Desk.at(request))
                        .orElseThrow(Desk::noTask));
    }

    private static @Nullable String text(Context request, String name) {
        var text = request.queryParam(name);
        return text == null || text.isBlank() ? null : text.strip();
    }

    /// Given to be saved and never to be shown: what agents store may be a page with a script.
    private void artifact(Context request) {
        var stored = named(request);
        var hash = stored.hash();
        var name = stored.name().replaceAll("[^A-Za-z0-9._-]", "_");
        request.header(
                "content-disposition",
                "attachment; filename=\"" + (name.isEmpty() ? hash : name) + "\"");
        Download.send(request, desk.tutti().openArtifact(hash), "application/octet-stream");
    }

    private Event.ArtifactStored named(Context request) {
        return desk.tasks()
                .artifact(desk.run(request), request.pathParam("hash"))
                .orElseThrow(
                        () -> new Problem(404, "no_artifact", "this run names no such artifact"));
    }

    private void preview(Context request) {
        var stored = named(request);
        answer(request, 200, Preview.of(stored, begun(stored, Preview.MOST + 1)).document());
    }

    /// The beginning of what an agent stored.
    private byte[] begun(Event.ArtifactStored stored, int most) {
        try (var content = desk.tutti().openArtifact(stored.hash()).content()) {
            return content.readNBytes(most);
        } catch (IOException e) {
            throw Download.damaged(e);
        }
    }

    /// What its bytes say it is counts, never what its agent called it.
    private void image(Context request) {
        var stored = named(request);
        var bytes = begun(stored, Preview.MOST_PICTURE + 1);
        var type =
                Preview.picture(bytes)
                        .orElseThrow(() ->
                                new Problem(
                                        415, "no_picture", "this is no picture that can be shown"));
        request.header("content-security-policy", "default-src 'none'; sandbox")
                .contentType(type)
                .result(bytes);
    }

    private void strip(Context request) {
        answer(request, 200, desk.tasks().strip(desk.run(request), Desk.at(request)));
    }

    private void ran(Context request) {
        answer(request, 200, desk.tasks().ran(desk.run(request), Desk.at(request)));
    }

    private void timeline(Context request) {
        answer(
                request,
                200,
                desk.tasks().timeline(desk.run(request), text(request, "task"), Desk.at(request)));
    }
}

package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.projection.RunFilter;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.live.Streams;
import dev.tutti.server.view.RunPages.Choice;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks at runs.
public final class RunRoutes {
    static final String RUNS = "/api/v1/runs";
    static final String RUN = RUNS + "/{run}";
    private static final int MOST_RUNS = 200;
    private static final int USUAL_RUNS = 50;
    private static final int MOST_EVENTS = 1_000;
    private static final int USUAL_EVENTS = 200;
    private static final int MOST_BUCKETS = 1_000;
    private static final int MOST_FOLLOWED = 64;
    private static final String STREAM = "text/event-stream";

    private static final int USUAL_PARTS = 48;
    private static final Duration USUAL_TIME = Duration.ofHours(24);

    private final Desk desk;
    private final InstantSource clock;

    public RunRoutes(Desk desk, InstantSource clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                filtered(Route.get(RUNS, Right.VIEW, this::list, "The runs, the newest first."))
                        .query("limit", "how many, 200 at most; 50")
                        .query(
                                "before",
                                "the run whose elders are wanted: `next` of the page before")
                        .shows("Runs"),
                filtered(
                                Route.get(
                                        "/api/v1/histogram",
                                        Right.VIEW,
                                        this::histogram,
                                        "How many runs began when, of the newest 20,000 in a part of the"
                                                + " time; the last 24 hours."))
                        .query("parts", "in how many parts, 1000 at most; 48")
                        .shows("Histogram"),
                Route.get(
                                RUN,
                                Right.VIEW,
                                this::document,
                                "A run, as `tutti show --json` prints it.")
                        .shows("Run"),
                Route.get(RUN + "/view", Right.VIEW, this::view, "A run folded for a page.")
                        .query("at", "after how many events; now")
                        .shows("RunView"),
                Route.get(RUN + "/why", Right.VIEW, this::why, "What a run waits for.")
                        .shows("Why"),
                Route.get(RUN + "/path", Right.VIEW, this::path, "What a run took its time for.")
                        .shows("CriticalPath")
                        .refuses(409),
                Route.get(RUN + "/cost", Right.VIEW, this::cost, "Where the money of a run went.")
                        .shows("RunCost"),
                Route.get(
                                RUN + "/budget",
                                Right.VIEW,
                                this::budget,
                                "What a run may spend, has spent and has set aside, and what it would take to"
                                        + " finish.")
                        .shows("Budget"),
                Route.get(RUN + "/lanes", Right.VIEW, this::lanes, "A journal in brief.")
                        .query("buckets", "in how many parts, 1000 at most; 200")
                        .shows("Lanes"),
                Route.get(RUN + "/events", Right.VIEW, this::events, "The journal of a run.")
                        .query("after", "the event that the page follows; 0")
                        .query("before", "the event that the page ends before")
                        .query("limit", "how many, 1000 at most; 200")
                        .query("stage", "of the vocabulary, such as `dispatch`")
                        .query("task", "a task, with all its items")
                        .query("payload", "whether the events are given whole")
                        .shows("EventPage")
                        .also(200, STREAM, ""),
                Route.get(
                                "/api/v1/live",
                                Right.VIEW,
                                this::live,
                                "What changes, as it changes; `alive` while nothing does, as often as"
                                        + " `hello` says.")
                        .query(
                                "run",
                                "a run that is shown, `ID` or `ID:EVENTS`; may be repeated. Of the"
                                        + " first 64 changes are told as `patch`; those that are not"
                                        + " followed are named by the event `not_followed`, with why:"
                                        + " `no_run`, `ambiguous` or `too_many`. What its attempts say"
                                        + " of how far they are comes as `progress`")
                        .query("list", "whether the list of runs is shown, for `runs`")
                        .query("questions", "whether questions are shown, for `questions`")
                        .query("after", "the place in the journal that is known")
                        .gives(200, STREAM));
    }

    private static Route filtered(Route route) {
        return route.query("status", "words, separated by commas")
                .query("workflow", "its name")
                .query(
                        "q",
                        "words of the goal and of the inputs, in any case; or the beginning of the id")
                .query("since", "a moment before which they did not begin, or how long ago: `24h`")
                .query("until", "a moment before which they began, or how long ago");
    }

    private RunFilter filter(Context request, Instant now) {
        return new RunFilter(
                words(request.queryParam("status")),
                empty(request.queryParam("workflow")),
                empty(request.queryParam("q")),
                Desk.moment("since", request.queryParam("since"), now, null),
                Desk.moment("until", request.queryParam("until"), now, null));
    }

    private void histogram(Context request) {
        int parts = (int) Desk.number(request, "parts", USUAL_PARTS, 1, MOST_BUCKETS);
        var now = clock.instant();
        var filter = filter(request, now);
        var until = filter.until();
        if (until == null) {
            // Whoever asks meanwhile asks for the same.
            until = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        }
        var since = filter.since();
        if (since == null) {
            since = until.minus(USUAL_TIME);
        } else if (filter.until() == null) {
            since = since.truncatedTo(ChronoUnit.MINUTES);
        }
        if (!since.isBefore(until)) {
            throw Problem.badRequest("`since` is before `until`");
        }
        answer(request, 200, desk.runs().histogram(filter, since, until, parts));
    }

    private void list(Context request) {
        var before = request.queryParam("before");
        int limit = (int) Desk.number(request, "limit", USUAL_RUNS, 1, MOST_RUNS);
        answer(
                request,
                200,
                desk.runs()
                        .list(
                                before == null ? null : desk.run(before),
                                limit,
                                filter(request, clock.instant())));
    }

    private static Set<String> words(@Nullable String list) {
        return list == null || list.isEmpty()
                ? Set.of()
                : new HashSet<>(Arrays.asList(list.split(",", -1)));
    }

    private static @Nullable String empty(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private void document(Context request) {
        answer(request, 200, desk.runs().document(desk.run(request)));
    }

    private void view(Context request) {
        answer(request, 200, desk.runs().view(desk.run(request), Desk.at(request)));
    }

    private void why(Context request) {
        answer(request, 200, desk.runs().why(desk.run(request)));
    }

    private void path(Context request) {
        answer(
                request,
                200,
                desk.runs()
                        .path(desk.run(request))
                        .orElseThrow(() ->
                                new Problem(
                                        409,
                                        "not_ended",
                                        "the critical path is known once the run has ended")));
    }

    private void cost(Context request) {
        answer(request, 200, desk.runs().cost(desk.run(request)));
    }

    private void budget(Context request) {
        answer(request, 200, desk.runs().budget(desk.run(request), desk.tutti()::evidence));
    }

    private void lanes(Context request) {
        int buckets = (int) Desk.number(request, "buckets", USUAL_EVENTS, 1, MOST_BUCKETS);
        answer(request, 200, desk.runs().lanes(desk.run(request), buckets));
    }

    private void events(Context request) {
        var run = desk.run(request);
        var choice =
                new Choice(
                        empty(request.queryParam("stage")),
                        empty(request.queryParam("task")),
                        Desk.flag(request, "payload"));
        var accept = request.header("accept");
        if (accept != null && accept.contains(STREAM)) {
            desk.streams().journal(request, run, resumed(request), choice);
            return;
        }
        int limit = (int) Desk.number(request, "limit", USUAL_EVENTS, 1, MOST_EVENTS);
        long before = Desk.number(request, "before", 0, 0, Long.MAX_VALUE);
        answer(
                request,
                200,
                before > 0
                        ? desk.runs().eventsBefore(run, before, limit, choice)
                        : desk.runs()
                                .events(
                                        run,
                                        Desk.number(request, "after", 0, 0, Long.MAX_VALUE),
                                        limit,
                                        choice));
    }

    /// What a reader who comes back knows already.
    private static long resumed(Context request) {
        var last = request.header("last-event-id");
        if (last == null || last.isEmpty()) {
            return Desk.number(request, "after", 0, 0, Long.MAX_VALUE);
        }
        if (!last.matches("\\d{1,18}")) {
            throw Problem.badRequest("`Last-Event-ID` is a number that this server gave");
        }
        return Long.parseLong(last);
    }

    private void live(Context request) {
        var runs = new LinkedHashMap<RunId, Long>();
        var left = new LinkedHashMap<String, String>();
        for (var shown : request.queryParams("run")) {
            var parts = shown.split(":", 2);
            if (parts.length == 2 && !parts[1].matches("\\d{1,18}")) {
                throw Problem.badRequest(
                        "`run` is an id, or an id, a colon and a number of events");
            }
            // All that a browser shows comes over one stream: what is wrong with one ends no other.
            if (runs.size() == MOST_FOLLOWED) {
                left.put(parts[0], "too_many");
                continue;
            }
            var found = desk.startingWith(parts[0]);
            if (found.size() == 1) {
                runs.put(found.getFirst(), parts.length == 2 ? Long.parseLong(parts[1]) : 0L);
            } else {
                left.put(parts[0], found.isEmpty() ? "no_run" : "ambiguous");
            }
        }
        boolean known =
                request.header("last-event-id") != null || request.queryParam("after") != null;
        desk.streams()
                .changes(
                        request,
                        new Streams.Wanted(
                                Desk.flag(request, "list"),
                                Desk.flag(request, "questions"),
                                runs,
                                left,
                                known ? resumed(request) : -1));
    }

    /// A reference to a run that was begun just now.
    static Value.Struct begun(RunId run) {
        return Value.struct(
                "run",
                Value.text(run.value()),
                "short",
                Value.text(run.value().substring(0, Math.min(8, run.value().length()))));
    }
}

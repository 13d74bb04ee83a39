package dev.tutti.server;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.SaidUsage;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Download;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.workers.Given;
import dev.tutti.server.workers.Lease;
import dev.tutti.server.workers.Tender;
import dev.tutti.server.workers.Workforce;
import io.javalin.http.Context;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// How workers speak to the server: they register, ask for work and wait, show signs of life, and
/// report. Every answer is JSON, or a problem.
final class WorkerRoutes {
    private static final String WORKERS = "/api/v1/workers";
    private static final String LEASES = WORKERS + "/leases";
    private static final String LEASE = LEASES + "/{lease}";
    private static final String BIDS = WORKERS + "/announcements/{announcement}/bids";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration USUAL_WAIT = Duration.ofSeconds(30);
    private static final int LONGEST_NAME = 80;
    private static final String JSON = "application/json";
    private static final long MOST_ARTIFACT = 4L << 30;

    private final Workforce workforce;

    WorkerRoutes(Workforce workforce) {
        this.workforce = workforce;
    }

    void add(Routes routes) {
        routes.add(
                Route.get(WORKERS, Right.ENROL, this::list, "The workers that are registered.")
                        .shows("Workers"),
                Route.post(WORKERS, Right.ENROL, this::register, "Registers a worker.")
                        .takes(
                                Map.of(
                                        "name",
                                        "string",
                                        "skills",
                                        "[string]?",
                                        "agents",
                                        "[string]?",
                                        "bids",
                                        "bool?"))
                        .gives(201, JSON)
                        .shows("Registered")
                        .refuses(429, 503),
                Route.post(WORKERS + "/leave", Right.WORK, this::leave, "Ends being a worker.")
                        .shows("Left"),
                Route.post(LEASES, Right.WORK, this::lease, "Waits for work, or tasks to bid on.")
                        .query("wait", "how many seconds to wait, 60 at most")
                        .shows("Lease|Announcement")
                        .also(204, "text/plain", "")
                        .refuses(429),
                Route.post(BIDS, Right.WORK, this::bid, "Bids on tasks that were announced.")
                        .takes(Map.of("bids", "[object]"))
                        .shows("Taken")
                        .refuses(409),
                Route.post(LEASE + "/heartbeat", Right.WORK, this::heartbeat, "Keeps the work.")
                        .takes(Map.of("progress", "number?", "message", "string?"))
                        .shows("Heartbeat")
                        .refuses(409),
                Route.post(LEASE + "/complete", Right.WORK, this::complete, "Gives the result.")
                        .takes(Map.of("output", "any", "usage", "object?"))
                        .shows("Accepted")
                        .refuses(409),
                Route.post(LEASE + "/fail", Right.WORK, this::fail, "Gives up.")
                        .takes(
                                Map.of(
                                        "code", "string?", "message", "string?", "retry", "bool?",
                                        "usage", "object?"))
                        .shows("Accepted")
                        .refuses(409),
                Route.post(LEASE + "/artifacts", Right.WORK, this::store, "Stores an artifact.")
                        .gives(201, JSON)
                        .shows("Stored")
                        .refuses(409),
                Route.get(
                                LEASE + "/artifacts/{hash}",
                                Right.WORK,
                                this::load,
                                "Loads an artifact that the work names.")
                        .gives(200, "application/octet-stream")
                        .refuses(409));
    }

    private static void answer(Context to, int status, Value.Struct body) {
        to.status(status).contentType("application/json").result(Json.bytes(body));
    }

    // ---- registering

    private void list(Context request) {
        var workers =
                workforce.workers().stream()
                        .<Value>map(seen ->
                                Value.struct(
                                        "worker",
                                        Value.text(seen.worker().id()),
                                        "name",
                                        Value.text(seen.worker().name()),
                                        "skills",
                                        Value.from(seen.worker().skills()),
                                        "agents",
                                        Value.from(seen.worker().agents()),
                                        "bids",
                                        Value.of(seen.worker().bids()),
                                        "leases",
                                        Value.of(seen.leases())))
                        .toList();
        var figures = workforce.figures();
        answer(
                request,
                200,
                Value.struct(
                        "workers",
                        new Value.Array(workers),
                        "waiting",
                        Value.of(figures.waiting()),
                        "held",
                        Value.of(figures.held())));
    }

    private void register(Context request) {
        var body = Body.of(request);
        var name = body.text("name", "").replaceAll("\\p{C}", "").strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw Problem.badRequest(
                    "`name` is what people know the worker by, "
                            + LONGEST_NAME
                            + " characters at most");
        }
        var skills = body.names("skills");
        var agents = body.names("agents");
        if (skills.isEmpty() && agents.isEmpty()) {
            throw Problem.badRequest("say what the worker can do: `skills`, or `agents` by name");
        }
        try {
            var registered = workforce.register(name, skills, agents, body.flag("bids", false));
            answer(
                    request,
                    201,
                    Value.struct(
                            "worker",
                            Value.text(registered.worker().id()),
                            "token",
                            Value.text(registered.token()),
                            "lease_seconds",
                            Value.of(workforce.lease().toSeconds()),
                            "heartbeat_seconds",
                            Value.of(Math.max(1, workforce.lease().toSeconds() / 3))));
        } catch (Workforce.RefusedException e) {
            throw refused(e);
        }
    }

    private void leave(Context request) {
        workforce.leave(Guard.requireWorker(request));
        answer(request, 200, Value.struct("left", Value.of(true)));
    }

    // ---- leases

    private void lease(Context request) {
        var worker = Guard.requireWorker(request);
        var wait = wait(request.queryParam("wait"));
        CompletableFuture<Optional<Given>> work;
        try {
            work = workforce.poll(worker, wait);
        } catch (Workforce.RefusedException e) {
            throw refused(e);
        }
        request.future(() ->
                work.thenAccept(given -> {
                    switch (given.orElse(null)) {
                        case Lease lease -> answer(request, 200, told(lease));
                        case Tender tender -> answer(request, 200, Bids.told(tender));
                        case null -> request.status(204);
                    }
                }));
    }

    private void bid(Context request) {
        var worker = Guard.requireWorker(request);
        var id = request.pathParam("announcement");
        try {
            var tender = workforce.tender(worker, id);
            workforce.bid(worker, id, Bids.read(Body.of(request), tender.announcement()));
            answer(request, 200, Value.struct("taken", Value.of(true)));
        } catch (Workforce.RefusedException e) {
            throw refused(e);
        }
    }

    private static Duration wait(@org.jspecify.annotations.Nullable String seconds) {
        if (seconds == null) {
            return USUAL_WAIT;
        }
        if (!seconds.matches("\\d{1,2}") || Long.parseLong(seconds) > LONGEST_WAIT.toSeconds()) {
            throw Problem.badRequest(
                    "`wait` is how many seconds to wait for work, up to "
                            + LONGEST_WAIT.toSeconds());
        }
        return Duration.ofSeconds(Long.parseLong(seconds));
    }

    /// What a worker is told of its work.
    private Value.Struct told(Lease lease) {
        var attempt = lease.work().attempt();
        var told =
                Value.struct(
                        "lease",
                        Value.text(lease.id()),
                        "lease_seconds",
                        Value.of(workforce.lease().toSeconds()),
                        "run",
                        Value.text(attempt.run().value()),
                        "task",
                        Value.text(attempt.task().toString()),
                        "attempt",
                        Value.of(attempt.number()),
                        "key",
                        Value.text(attempt.run() + "/" + attempt.task()),
                        "agent",
                        Value.text(attempt.agent().value()),
                        "traceparent",
                        Value.text(attempt.traceparent()),
                        "input",
                        attempt.input(),
                        "settings",
                        attempt.settings());
        var skill = attempt.skill();
        if (skill.isPresent()) {
            told = told.with("skill", Value.text(skill.get().value()));
        }
        var edit = attempt.edit();
        if (edit.isPresent()) {
            told = told.with("edit", Value.text(edit.get()));
        }
        var feedback = attempt.feedback();
        return feedback.isPresent() ? told.with("feedback", Value.text(feedback.get())) : told;
    }

    private void heartbeat(Context request) {
        var worker = Guard.requireWorker(request);
        var body = Body.of(request);
        try {
            workforce.heartbeat(
                    worker,
                    request.pathParam("lease"),
                    body.fraction("progress"),
                    body.text("message", ""));
            answer(
                    request,
                    200,
                    Value.struct("lease_seconds", Value.of(workforce.lease().toSeconds())));
        } catch (Workforce.RefusedException e) {
            throw refused(e);
        }
    }

    private void complete(Context request) {
        var body = Body.of(request);
        var output = body.fields().get("output");
        if (output == null) {
            throw Problem.badRequest("`output` is what the task gives");
        }
        report(request, new Outcome.Succeeded(output, usage(body)));
    }

    private void fail(Context request) {
        var body = Body.of(request);
        var code = body.text("code", "worker_error");
        if (!code.matches("[a-z][a-z0-9_]{0,39}")) {
            throw Problem.badRequest("`code` is one word: small letters, digits, `_`");
        }
        var message = body.text("message", "the worker gave no reason");
        report(
                request,
                new Outcome.Failed(
                        body.flag("retry", true)
                                ? new Failure.Transient(code, message)
                                : new Failure.Permanent(code, message),
                        usage(body)));
    }

    /// Says that a report was accepted once it is on disk.
    private void report(Context request, Outcome outcome) {
        var worker = Guard.requireWorker(request);
        CompletableFuture<Void> kept;
        try {
            kept = workforce.report(worker, request.pathParam("lease"), outcome);
        } catch (Workforce.RefusedException e) {
            throw refused(e);
        }
        request.future(() ->
                kept.handle((_, unwanted) -> {
                    if (unwanted == null) {
                        answer(request, 200, Value.struct("accepted", Value.of(true)));
                    } else {
                        stale().answer(request);
                    }
                    return null;
                }));
    }

    private static Usage usage(Body body) {
        try {
            return SaidUsage.of(body.fields().get(SaidUsage.FIELD));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    // ---- files

    private void store(Context request) {
        var worker = Guard.requireWorker(request);
        try {
            var work = workforce.work(worker, request.pathParam("lease"));
            var content = Body.stream(request, MOST_ARTIFACT);
            var type = request.header("content-type");
            var name = request.queryParam("name");
            var hash =
                    work.attempt()
                            .store(
                                    content,
                                    type != null && type.matches("[\\w.+-]{1,60}/[\\w.+-]{1,60}")
                                            ? type
                                            : "application/octet-stream",
                                    label(name == null ? "" : name));
            answer(
                    request,
                    201,
                    Value.struct("artifact", Value.text(hash), "bytes", Value.of(content.count())));
        } catch (Workforce.RefusedException e) {
            throw refused(e);
        } catch (IOException e) {
            throw new Problem(503, "not_kept", "the file could not be kept: " + e.getMessage());
        }
    }

    /// For people, and no way anywhere.
    private static String label(String name) {
        var label = name.replaceAll("[\\p{C}/\\\\]", "_").strip();
        return label.length() > LONGEST_NAME ? label.substring(0, LONGEST_NAME) + "…" : label;
    }

    private void load(Context request) {
        var worker = Guard.requireWorker(request);
        var hash = request.pathParam("hash");
        try {
            var work = workforce.work(worker, request.pathParam("lease"));
            if (!Sha256.isHash(hash) || !mentions(work.attempt().input(), hash)) {
                throw new Problem(
                        404, "no_artifact", "the input of this task names no such artifact");
            }
            Download.send(request, work.attempt().open(hash), "application/octet-stream");
        } catch (Workforce.RefusedException e) {
            throw refused(e);
        } catch (FileNotFoundException _) {
            throw new Problem(404, "no_artifact", "there is no such artifact");
        } catch (IOException e) {
            throw new Problem(500, "damaged", "the artifact is damaged: " + e.getMessage());
        }
    }

    /// Whether a value names a hash somewhere: a worker is shown what its task was given.
    private static boolean mentions(Value value, String hash) {
        return switch (value) {
            case Value.Text(var text) -> text.contains(hash);
            case Value.Array(var items) -> items.stream().anyMatch(item -> mentions(item, hash));
            case Value.Struct(var fields) ->
                    fields.values().stream().anyMatch(field -> mentions(field, hash));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> false;
        };
    }

    // ---- refusals

    private static Problem stale() {
        return new Problem(
                409, "attempt_over", "the run no longer wants this result; stop and ask for work");
    }

    private static Problem refused(Workforce.RefusedException e) {
        return switch (e.why()) {
            case UNKNOWN ->
                    new Problem(404, "unknown_lease", "this worker has and had no such lease");
            case DUPLICATE ->
                    new Problem(409, "already_reported", "this lease was reported on before");
            case LATE ->
                    new Problem(
                            409,
                            "lease_expired",
                            "there was no sign of life in time, and the task was given to another; ask for work");
            case STALE -> stale();
            case NO_BIDS ->
                    new Problem(
                            409,
                            "no_bids_taken",
                            "no bids are taken for this, or not any more; ask for work");
            case TOO_MANY ->
                    new Problem(429, "too_many", "there are too many workers already; ask later");
            case DRAINING -> Problem.draining();
        };
    }
}

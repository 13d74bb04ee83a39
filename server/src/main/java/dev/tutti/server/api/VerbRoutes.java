package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Preview;
import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.view.RunDocument;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The verbs of operators, by the names that the command line has for them.
public final class VerbRoutes {
    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final String BY_HAND = "by hand";
    private static final String TASK = "task";
    private static final String OUTPUT = "output";
    private static final String INPUT = "input";
    private static final int MOST_BULK = 1_000;

    private final Desk desk;

    public VerbRoutes(Desk desk) {
        this.desk = desk;
    }

    private record Named(
            String word, String says, Map<String, String> fields, Function<Body, Verb> verb) {}

    private static final List<Named> VERBS =
            List.of(
                    new Named(
                            "pause",
                            "Begins nothing new until the run is resumed.",
                            Map.of(),
                            _ -> new Verb.Pause()),
                    new Named("resume", "Goes on.", Map.of(), _ -> new Verb.Resume()),
                    new Named(
                            "cancel",
                            "Ends a run, or gives up tasks.",
                            Map.of("force", "bool?", "tasks", "[string]?"),
                            VerbRoutes::cancel),
                    new Named(
                            "replan",
                            "Lets the planner look again.",
                            Map.of(),
                            _ -> new Verb.Replan()),
                    new Named("terminate", "Ends at once.", Map.of(), _ -> new Verb.Terminate()),
                    new Named(
                            "retry",
                            "Does a task again, and what came after it.",
                            Map.of(TASK, "string", "refire", "bool?"),
                            body -> new Verb.Retry(task(body), body.flag("refire", false))),
                    new Named(
                            "skip",
                            "Goes on without a task, or with an output given by hand.",
                            Map.of(TASK, "string", OUTPUT, "any?"),
                            body -> new Verb.Skip(task(body), body.fields().get(OUTPUT))),
                    new Named(
                            "edit",
                            "Gives a task another input, or another output.",
                            Map.of(TASK, "string", INPUT, "object?", OUTPUT, "any?"),
                            VerbRoutes::edit),
                    new Named(
                            "reassign",
                            "Lets an agent do a task.",
                            Map.of(TASK, "string", "agent", "string"),
                            VerbRoutes::reassign),
                    new Named(
                            "raise",
                            "Allows a task more attempts, or time.",
                            Map.of(TASK, "string", "limit", "string", "value", "any"),
                            VerbRoutes::raise));

    /// Adds its routes.
    public void add(Routes routes) {
        for (var verb : VERBS) {
            var fields = new LinkedHashMap<>(verb.fields);
            fields.put("reason", "string?");
            fields.put("expect", "int?");
            fields.put("dry_run", "bool?");
            routes.add(
                    Route.post(
                                    RunRoutes.RUN + "/" + verb.word,
                                    Right.OPERATE,
                                    request -> carryOut(request, verb),
                                    verb.says)
                            .takes(fields));
        }
        routes.add(
                Route.post(
                                RunRoutes.RUN + "/fork",
                                Right.OPERATE,
                                this::fork,
                                "Begins a run that goes on from an event of another.")
                        .takes(Map.of("at", "int?", "refire", "bool?", "dry_run", "bool?"))
                        .gives(201, "application/json"),
                Route.post(
                                RunRoutes.RUN + "/send",
                                Right.OPERATE,
                                this::send,
                                "Sends a message that a task may wait for.")
                        .takes(Map.of("type", "string", "data", "any?")));
        for (var verb : VERBS) {
            if (!verb.fields.containsKey(TASK)) {
                var fields = new LinkedHashMap<>(verb.fields);
                fields.put("where", "object");
                fields.put("reason", "string?");
                fields.put("dry_run", "bool?");
                routes.add(
                        Route.post(
                                        "/api/v1/bulk/" + verb.word,
                                        Right.OPERATE,
                                        request -> bulk(request, verb),
                                        "The same for every unfinished run with these marks.")
                                .takes(fields));
            }
        }
    }

    // ---- what is wanted

    private static TaskId task(Body body) {
        var text = body.text(TASK, "");
        try {
            if (!text.isEmpty()) {
                return TaskId.parse(text);
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw Problem.field("/task", "`task` is one of the plan, or one item of it: `read[3]`");
    }

    private static Verb cancel(Body body) {
        var tasks = body.names("tasks");
        return tasks.isEmpty()
                ? new Verb.Cancel(body.flag("force", false))
                : new Verb.CancelTasks(tasks);
    }

    private static Verb edit(Body body) {
        var input = body.fields().get(INPUT);
        var output = body.fields().get(OUTPUT);
        if ((input == null) == (output == null)) {
            throw Problem.badRequest("edit what? give either `input` or `output`");
        }
        if (output != null) {
            return new Verb.EditOutput(task(body).name(), output);
        }
        if (input instanceof Value.Struct struct) {
            return new Verb.EditInput(task(body), struct);
        }
        throw Problem.field("/input", "an input is an object");
    }

    private static Verb reassign(Body body) {
        var agent = body.text("agent", "");
        if (!agent.matches("[a-z][a-z0-9_]{0,63}")) {
            throw Problem.field("/agent", "`agent` is one of the team, by its name");
        }
        return new Verb.Reassign(task(body).name(), new AgentId(agent));
    }

    private static Verb raise(Body body) {
        var limit = body.text("limit", "");
        boolean counts = limit.equals("attempts");
        long value =
                switch (body.fields().get("value")) {
                    case Value.Int(var number) when number > 0 -> number;
                    case Value.Text(var text) -> number(text, counts);
                    case null, default -> throw notAValue(counts);
                };
        return new Verb.Raise(task(body).name(), limit, value);
    }

    private static long number(String text, boolean counts) {
        if (counts) {
            if (!COUNT.matcher(text).matches()) {
                throw notAValue(counts);
            }
            return Long.parseLong(text);
        }
        return TimeText.parse(text).orElseThrow(() -> notAValue(counts)).toMillis();
    }

    private static Problem notAValue(boolean counts) {
        return Problem.field(
                "/value",
                counts
                        ? "attempts are a number"
                        : "a time is a number of milliseconds, or as `90s`, `5m`, `1h`");
    }

    private static long expected(Body body) {
        return switch (body.fields().get("expect")) {
            case null -> 0;
            case Value.Null _ -> 0;
            case Value.Int(var number) when number >= 0 -> number;
            default -> throw Problem.field("/expect", "`expect` is how many events you saw");
        };
    }

    private static String reason(Body body) {
        var reason = body.text("reason", "");
        return reason.isBlank() ? BY_HAND : reason;
    }

    // ---- done

    private void carryOut(Context request, Named named) throws InterruptedException {
        var id = desk.run(request);
        var body = Body.of(request);
        var verb = named.verb.apply(body);
        long expected = expected(body);
        var run = desk.asked(request, id);
        try {
            if (body.flag("dry_run", false)) {
                answer(request, 200, preview(run, verb, reason(body), expected));
                return;
            }
            var asked = new Request.Intervene(verb, reason(body), expected);
            desk.admission()
                    .admit(() -> {
                        run.ask(asked, Desk.key(request, id + "/" + named.word));
                        return run;
                    });
        } catch (Refusal e) {
            throw refused(id, e);
        }
        answer(request, 200, done(id, named.word));
    }

    private Problem refused(RunId run, Refusal refusal) {
        var problem = Desk.refused(refusal);
        return problem.code().equals("stale")
                ? new Problem(
                        409,
                        "stale",
                        String.valueOf(refusal.getMessage()),
                        Value.struct("sequence", sequence(run)))
                : problem;
    }

    private Value sequence(RunId run) {
        var sequence = desk.runs().ending(run).get("sequence");
        return sequence == null ? Value.NULL : sequence;
    }

    private Value.Struct done(RunId run, String word) {
        return Value.struct(
                        "format",
                        RunDocument.FORMAT,
                        "run",
                        Value.text(run.value()),
                        "verb",
                        Value.text(word))
                .with(desk.runs().ending(run));
    }

    private Value.Struct preview(Run run, Verb verb, String reason, long expected) {
        return document(
                run.id(), verb.word(), Preview.of(desk.tutti(), run, verb, reason, expected));
    }

    private static Value.Struct document(RunId run, String word, Preview preview) {
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "run",
                Value.text(run.value()),
                "verb",
                Value.text(word),
                "dry_run",
                Value.of(true),
                "status",
                Value.text(preview.status().word()),
                "sequence",
                Value.of(preview.sequence()),
                "tasks",
                Value.from(preview.tasks().stream().map(TaskId::toString).toList()),
                "spent",
                RunDocument.cost(preview.spent()),
                "effects_again",
                Value.from(preview.effectsAgain()),
                "reused",
                Value.of(preview.reused()),
                "kept",
                RunDocument.cost(preview.kept()));
    }

    private void fork(Context request) throws InterruptedException {
        var id = desk.run(request);
        var body = Body.of(request);
        long at =
                switch (body.fields().get("at")) {
                    case null -> Long.MAX_VALUE;
                    case Value.Null _ -> Long.MAX_VALUE;
                    case Value.Int(var number) when number > 0 -> number;
                    default -> throw Problem.field("/at", "`at` is the last event taken over");
                };
        boolean refire = body.flag("refire", false);
        var run = desk.asked(request, id);
        try {
            if (body.flag("dry_run", false)) {
                answer(
                        request,
                        200,
                        document(id, "fork", Preview.ofFork(desk.tutti(), run, at, refire)));
                return;
            }
            var key = Desk.key(request, id + "/fork");
            var fork = desk.admission().admitRun(() -> run.fork(at, refire, key));
            request.header("location", RunRoutes.RUNS + "/" + fork.id());
            answer(
                    request,
                    201,
                    RunRoutes.begun(fork.id())
                            .with("status", Value.text(fork.load().state().status().word())));
        } catch (Refusal e) {
            throw refused(id, e);
        }
    }

    private void send(Context request) throws InterruptedException {
        var id = desk.run(request);
        var body = Body.of(request);
        var type = body.text("type", "");
        if (type.isEmpty()) {
            throw Problem.field("/type", "`type` is what a task waits for");
        }
        var data = body.fields().get("data");
        var run = desk.asked(request, id);
        try {
            desk.admission()
                    .admit(() -> {
                        run.ask(
                                new Request.Deliver(type, data == null ? Value.NULL : data),
                                Desk.key(request, id + "/send"));
                        return run;
                    });
        } catch (Refusal e) {
            throw refused(id, e);
        }
        answer(request, 200, done(id, "send"));
    }

    // ---- many at once

    private void bulk(Context request, Named named) throws InterruptedException {
        var body = Body.of(request);
        if (!(body.fields().get("where") instanceof Value.Struct where)
                || where.fields().isEmpty()) {
            throw Problem.field(
                    "/where", "`where` says which runs: `status`, `workflow`, or `runs` by id");
        }
        var verb = named.verb.apply(body);
        var runs = matching(where);
        boolean dry = body.flag("dry_run", false);
        var done = new ArrayList<Value>();
        var refused = new ArrayList<Value>();
        for (var id : runs) {
            var run = desk.asked(request, id);
            try {
                if (dry) {
                    Preview.of(desk.tutti(), run, verb, reason(body), 0);
                } else {
                    run.ask(
                            new Request.Intervene(verb, reason(body), 0),
                            Desk.key(request, id + "/" + named.word));
                }
                done.add(Value.text(id.value()));
            } catch (Refusal e) {
                refused.add(
                        Value.struct(
                                "run",
                                Value.text(id.value()),
                                "detail",
                                Value.text(String.valueOf(e.getMessage()))));
            }
        }
        answer(
                request,
                200,
                Value.struct(
                        "verb",
                        Value.text(named.word),
                        "dry_run",
                        Value.of(dry),
                        "matched",
                        Value.of(runs.size()),
                        "done",
                        new Value.Array(done),
                        "refused",
                        new Value.Array(refused)));
    }

    /// The set is found once, before anything is done.
    private List<RunId> matching(Value.Struct where) {
        if (where.get("runs") instanceof Value.Array(var ids)) {
            if (ids.size() > MOST_BULK) {
                throw Problem.field("/where/runs", MOST_BULK + " runs at once at most");
            }
            return ids.stream()
                    .map(id -> desk.run(id instanceof Value.Text(var text) ? text : ""))
                    .toList();
        }
        return desk.runs().unfinished(text(where, "status"), text(where, "workflow"), MOST_BULK);
    }

    private static String text(Value.Struct where, String name) {
        return where.get(name) instanceof Value.Text(var text) ? text : "";
    }
}

package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Preview;
import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Verb;
import dev.tutti.document.PreviewDocument;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.projection.RunFilter;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.view.RunPages;
import dev.tutti.teamfile.Limits;
import dev.tutti.view.RunDocument;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The verbs of operators, by the names that the command line has for them.
public final class VerbRoutes {
    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final String BY_HAND = "by hand";
    private static final String TASK = "task";
    private static final String OUTPUT = "output";
    private static final String INPUT = "input";
    private static final String VALUE = "value";
    private static final String BUDGET = "budget";
    private static final Pattern MONEY = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final long MOST_COUNT = 999_999_999;
    private static final int MOST_BULK = 1_000;

    /// By what the runs of a bulk verb are found.
    private static final List<String> MARKS =
            List.of("status", "workflow", "text", "since", "until", "before", "runs");

    /// What verbs for many runs take.
    private static final Map<String, String> BULK =
            Map.of("where", "object", "reason", "string?", "dry_run", "bool?");

    private final Desk desk;
    private final InstantSource clock;

    public VerbRoutes(Desk desk, InstantSource clock) {
        this.desk = desk;
        this.clock = clock;
    }

    private record Named(
            String word, String says, Map<String, String> fields, Function<Body, Verb> verb) {
        Verb of(Body body) {
            return verb.apply(body);
        }
    }

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
                            "Allows a task more attempts or time, or the run more of its budget.",
                            Map.of(TASK, "string", "limit", "string", "value", "any"),
                            VerbRoutes::raise));

    /// Adds its routes.
    public void add(Routes routes) {
        for (var verb : VERBS) {
            routes.add(
                    Route.post(
                                    RunRoutes.RUN + "/" + verb.word,
                                    Right.OPERATE,
                                    request -> carryOut(request, verb),
                                    verb.says)
                            .takes(verb.fields)
                            .takes(Desk.MANNER)
                            .shows("Done|Preview"));
        }
        routes.add(
                Route.post(
                                RunRoutes.RUN + "/fork",
                                Right.OPERATE,
                                this::fork,
                                "Begins a run that goes on from an event of another.")
                        .takes(
                                Map.of(
                                        "at", "int?", "refire", "bool?", TASK, "string?", INPUT,
                                        "object?", OUTPUT, "any?"))
                        .takes(Desk.MANNER)
                        .gives(201, "application/json")
                        .shows("Begun")
                        .also(200, "application/json", "Preview"),
                Route.post(
                                RunRoutes.RUN + "/amend",
                                Right.OPERATE,
                                this::amend,
                                "Amends the plan: tasks to add, tasks to drop, the output.")
                        .takes(Map.of("plan", "any"))
                        .takes(Desk.MANNER)
                        .shows("Done|Preview"),
                Route.post(
                                RunRoutes.RUN + "/send",
                                Right.OPERATE,
                                this::send,
                                "Sends a message that a task may wait for.")
                        .takes(
                                Map.of(
                                        "type", "string", "data", "any?", "expect", "int?",
                                        "dry_run", "bool?"))
                        .shows("Done|Preview"));
        routes.add(
                Route.post(
                                "/api/v1/bulk/fork",
                                Right.OPERATE,
                                this::bulkFork,
                                "Begins a run for each of these that failed, which goes on from before.")
                        .takes(BULK)
                        .shows("Bulk"));
        routes.add(
                Route.post(
                                "/api/v1/bulk/raise",
                                Right.OPERATE,
                                this::bulkRaise,
                                "Allows each of these runs so much more of a limit of its budget.")
                        .takes(Map.of("limit", "string", VALUE, "string"))
                        .takes(BULK)
                        .shows("Bulk"));
        for (var verb : VERBS) {
            if (!verb.fields.containsKey(TASK)) {
                routes.add(
                        Route.post(
                                        "/api/v1/bulk/" + verb.word,
                                        Right.OPERATE,
                                        request -> bulk(request, verb),
                                        "The same for every unfinished run with these marks.")
                                .takes(verb.fields)
                                .takes(BULK)
                                .shows("Bulk"));
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

    private static Verb.Edit edit(Body body) {
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

    /// With `budget` as its task it is the run that is allowed more, as on the command line.
    private static Verb raise(Body body) {
        var limit = body.text("limit", "");
        if (body.text(TASK, "").equals(BUDGET)) {
            return raiseBudget(body);
        }
        boolean counts = limit.equals("attempts");
        long value =
                switch (body.fields().get(VALUE)) {
                    case Value.Int(var number) when number > 0 -> number;
                    case Value.Text(var text) -> number(text, counts);
                    case null, default -> throw notAValue(counts);
                };
        return new Verb.Raise(task(body).name(), limit, value);
    }

    /// To so much, or with a `+` by so much.
    private static Verb.RaiseBudget raiseBudget(Body body) {
        var limit = body.text("limit", "");
        var value = body.fields().get(VALUE);
        return value instanceof Value.Text(var text) && text.startsWith("+")
                ? new Verb.RaiseBudget(budget(limit, Value.text(text.substring(1))), true)
                : new Verb.RaiseBudget(budget(limit, value));
    }

    private static Budget budget(String limit, @Nullable Value value) {
        return switch (limit) {
            case "usd" -> Budget.of(money(value));
            case "tokens" -> new Budget(null, count(value), null, null, null);
            case "time" -> new Budget(null, null, Duration.ofMillis(time(value)), null, null);
            case "attempts" -> new Budget(null, null, null, (int) count(value), null);
            case "tasks" -> new Budget(null, null, null, null, (int) count(value));
            case "runs" -> Budget.ofRuns((int) count(value));
            default ->
                    throw Problem.field(
                            "/limit",
                            "a budget has usd, tokens, time, attempts, tasks and runs, not `"
                                    + limit
                                    + "`");
        };
    }

    private static Money money(@Nullable Value value) {
        var text =
                switch (value) {
                    case Value.Int(var number) -> Long.toString(number);
                    case Value.Real(var number) -> BigDecimal.valueOf(number).toPlainString();
                    case Value.Text(var written) -> written;
                    case null, default -> "";
                };
        if (!MONEY.matcher(text).matches()) {
            throw Problem.field("/value", "an amount is a number of US dollars, such as 2.50");
        }
        return Money.of(text);
    }

    private static long count(@Nullable Value value) {
        return switch (value) {
            case Value.Int(var number) when number > 0 && number <= MOST_COUNT -> number;
            case Value.Text(var text) -> number(text, true);
            case null, default -> throw notAValue(true);
        };
    }

    private static long time(@Nullable Value value) {
        return switch (value) {
            case Value.Int(var number) when number > 0 -> number;
            case Value.Text(var text) -> number(text, false);
            case null, default -> throw notAValue(false);
        };
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

    private static String reason(Body body) {
        var reason = body.text("reason", "");
        return reason.isBlank() ? BY_HAND : reason;
    }

    // ---- done

    private void carryOut(Context request, Named named) throws InterruptedException {
        carryOut(request, named.word, (_, body) -> named.of(body));
    }

    private void amend(Context request) throws InterruptedException {
        carryOut(
                request,
                "amend",
                (run, body) -> {
                    var plan = body.fields().get("plan");
                    if (plan == null) {
                        throw Problem.field(
                                "/plan", "`plan` has the form of what planners propose");
                    }
                    return new Verb.Amend(desk.tutti().amendment(run, plan));
                });
    }

    private void carryOut(Context request, String word, BiFunction<Run, Body, Verb> wanted)
            throws InterruptedException {
        var id = desk.run(request);
        var body = Body.of(request);
        long expected = Desk.expected(body);
        var run = desk.asked(request, id);
        try {
            var verb = wanted.apply(run, body);
            if (body.flag("dry_run", false)) {
                answer(request, 200, preview(run, verb, reason(body), expected));
                return;
            }
            var asked = new Request.Intervene(verb, reason(body), expected);
            var key = desk.key(request, id + "/" + word, body);
            desk.admission()
                    .admit(() -> {
                        run.ask(asked, key);
                        return run;
                    });
        } catch (Refusal e) {
            throw refused(id, e);
        }
        answer(request, 200, done(id, word));
    }

    private Problem refused(RunId run, Refusal refusal) {
        var problem = Desk.refused(refusal);
        return problem.code().equals("stale")
                ? new Problem(
                        409,
                        "stale",
                        String.valueOf(refusal.getMessage()),
                        Value.struct("sequence", Value.of(desk.runs().sequence(run))))
                : problem;
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
        return PreviewDocument.of(
                run.id(), verb.word(), Preview.of(desk.tutti(), run, verb, reason, expected));
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
        boolean edits =
                List.of(TASK, INPUT, OUTPUT).stream()
                        .anyMatch(key -> body.fields().get(key) != null);
        var edit = edits ? edit(body) : null;
        var run = desk.asked(request, id);
        try {
            desk.requireExpected(id, body);
            if (body.flag("dry_run", false)) {
                var preview = Preview.ofFork(desk.tutti(), run, at, refire, edit);
                answer(
                        request,
                        200,
                        PreviewDocument.of(id, "fork", preview)
                                .with("likely", likely(id, preview, edit)));
                return;
            }
            var reason = reason(body);
            var key = desk.key(request, id + "/fork", body);
            var fork = desk.admission().admitRun(() -> run.fork(at, refire, edit, reason, key));
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

    /// What a fork has to do, by what is known of agents; null where an edit changes what that is.
    private Value likely(RunId run, Preview preview, Verb.@Nullable Edit edit) {
        return edit != null
                ? Value.NULL
                : desk.runs().toFinish(run, preview.sequence(), desk.tutti()::evidence);
    }

    private void send(Context request) throws InterruptedException {
        var id = desk.run(request);
        var body = Body.of(request);
        var type = body.text("type", "");
        if (type.isEmpty()) {
            throw Problem.field("/type", "`type` is what a task waits for");
        }
        var said = body.fields().get("data");
        var data = said == null ? Value.NULL : said;
        var run = desk.asked(request, id);
        try {
            desk.requireExpected(id, body);
            if (body.flag("dry_run", false)) {
                var preview = Preview.ofMessage(desk.tutti(), run, type, data);
                answer(request, 200, PreviewDocument.of(id, "send", preview));
                return;
            }
            var key = desk.key(request, id + "/send", body);
            desk.admission()
                    .admit(() -> {
                        run.ask(new Request.Deliver(type, data), key);
                        return run;
                    });
        } catch (Refusal e) {
            throw refused(id, e);
        }
        answer(request, 200, done(id, "send"));
    }

    // ---- many at once

    /// What one verb does to one of many runs.
    private interface Deed {
        /// @param key of what is asked of this run, or null
        /// @return what may be done again outside, as a dry run says it; nothing where it is done
        List<String> carryOut(Run run, boolean dry, @Nullable String key)
                throws InterruptedException;
    }

    /// How the runs of a verb for many are found.
    private interface Finding {
        /// @param before the run whose elders are wanted, or null
        RunPages.Matches of(RunFilter filter, @Nullable RunId before);
    }

    private void bulk(Context request, Named named) throws InterruptedException {
        var body = Body.of(request);
        var verb = named.of(body);
        answer(request, 200, bulk(request, body, named.word, unfinished(), carrying(body, verb)));
    }

    /// To one number all of them cannot be raised, since each has its own.
    private void bulkRaise(Context request) throws InterruptedException {
        var body = Body.of(request);
        var verb = raiseBudget(body);
        if (!verb.by()) {
            throw Problem.field("/value", "`value` says by how much more, with a `+`: `+0.20`");
        }
        var limit = body.text("limit", "");
        var limits = new ArrayList<Value>();
        var done =
                bulk(
                        request,
                        body,
                        "raise",
                        unfinished(),
                        (run, dry, key) -> {
                            var before = run.load().state().ledger().cap();
                            var again = carrying(body, verb).carryOut(run, dry, key);
                            var after =
                                    dry
                                            ? before.raisedBy(verb.budget())
                                            : run.load().state().ledger().cap();
                            limits.add(
                                    Value.struct(
                                            "run",
                                            Value.text(run.id().value()),
                                            "before",
                                            written(before, limit),
                                            "after",
                                            written(after, limit)));
                            return again;
                        });
        answer(request, 200, done.with("limits", new Value.Array(limits)));
    }

    private static Value written(Budget budget, String limit) {
        var value = Limits.written(budget).get(limit);
        return value == null ? Value.NULL : value;
    }

    private Finding unfinished() {
        return (filter, before) -> desk.runs().unfinished(filter, before, MOST_BULK);
    }

    private Deed carrying(Body body, Verb verb) {
        return (run, dry, key) -> {
            if (dry) {
                return Preview.of(desk.tutti(), run, verb, reason(body), 0).effectsAgain();
            }
            run.ask(new Request.Intervene(verb, reason(body), 0), key);
            return List.of();
        };
    }

    /// Runs that failed go on in runs of their own, from before they failed.
    private void bulkFork(Context request) throws InterruptedException {
        var body = Body.of(request);
        Deed forking =
                (run, dry, key) -> {
                    var status = run.load().state().status();
                    if (status != Status.FAILED) {
                        throw new Refusal("it is " + status.word() + ", not failed");
                    }
                    if (dry) {
                        return Preview.ofFork(desk.tutti(), run, Long.MAX_VALUE, false, null)
                                .effectsAgain();
                    }
                    var reason = reason(body);
                    desk.admission()
                            .admitRun(() -> run.fork(Long.MAX_VALUE, false, null, reason, key));
                    return List.of();
                };
        Finding failed = (filter, before) -> desk.runs().failed(filter, before, MOST_BULK);
        answer(request, 200, bulk(request, body, "fork", failed, forking));
    }

    private Value.Struct bulk(Context request, Body body, String word, Finding find, Deed deed)
            throws InterruptedException {
        if (!(body.fields().get("where") instanceof Value.Struct where)
                || where.fields().isEmpty()) {
            throw Problem.field(
                    "/where",
                    "`where` says which runs: `status`, `workflow`, `text`, `since`, `until` and `before` as"
                            + " the list takes them, or `runs` by id");
        }
        // The set is found once, before anything is done.
        var found = matching(where, find);
        boolean dry = body.flag("dry_run", false);
        var key = dry ? null : desk.key(request, "bulk/" + word, body);
        var done = new ArrayList<Value>();
        var refused = new ArrayList<Value>();
        var again = new ArrayList<String>();
        for (var id : found.runs()) {
            try {
                var own = key == null ? null : key + "-" + id;
                for (var effect : deed.carryOut(desk.asked(request, id), dry, own)) {
                    again.add(id + " " + effect);
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
        return Value.struct(
                "verb",
                Value.text(word),
                "dry_run",
                Value.of(dry),
                "matched",
                Value.of(found.runs().size()),
                "next",
                found.next() == null ? Value.NULL : Value.text(found.next().value()),
                "done",
                new Value.Array(done),
                "refused",
                new Value.Array(refused),
                "effects_again",
                Value.from(again));
    }

    private RunPages.Matches matching(Value.Struct where, Finding find) {
        for (var name : where.fields().keySet()) {
            if (!MARKS.contains(name)) {
                throw Problem.field(
                        "/where/" + name,
                        "`where` has " + String.join(", ", MARKS) + ", no `" + name + "`");
            }
        }
        if (where.get("runs") instanceof Value.Array(var ids)) {
            if (ids.size() > MOST_BULK) {
                throw Problem.field("/where/runs", MOST_BULK + " runs at once at most");
            }
            return new RunPages.Matches(
                    ids.stream()
                            .map(id -> desk.run(id instanceof Value.Text(var text) ? text : ""))
                            .toList(),
                    null);
        }
        var status = text(where, "status");
        var before = textOrNull(where, "before");
        return find.of(
                new RunFilter(
                        status.isEmpty() ? Set.of() : Set.of(status.split(",", -1)),
                        textOrNull(where, "workflow"),
                        textOrNull(where, "text"),
                        moment(where, "since"),
                        moment(where, "until")),
                before == null ? null : desk.run(before));
    }

    private @Nullable Instant moment(Value.Struct where, String name) {
        return Desk.moment(name, text(where, name), clock.instant(), "/where/" + name);
    }

    private static String text(Value.Struct where, String name) {
        return switch (where.get(name)) {
            case null -> "";
            case Value.Text(var text) -> text;
            default -> throw Problem.field("/where/" + name, "`" + name + "` is a text");
        };
    }

    private static @Nullable String textOrNull(Value.Struct where, String name) {
        var text = text(where, name);
        return text.isEmpty() ? null : text;
    }
}

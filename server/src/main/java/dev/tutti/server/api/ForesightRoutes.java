package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Planned;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Inputs;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.document.ContractsDocument;
import dev.tutti.document.FaultsDocument;
import dev.tutti.document.ForecastDocument;
import dev.tutti.document.PlanDocument;
import dev.tutti.forecast.Experience;
import dev.tutti.forecast.Forecast;
import dev.tutti.forecast.Forecaster;
import dev.tutti.forecast.Guesses;
import dev.tutti.forecast.Recordings;
import dev.tutti.history.Watch;
import dev.tutti.planning.Lint;
import dev.tutti.planning.Uses;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.view.AgentPages;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.wiring.Definitions;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What can be said before anything is begun: whether a team file is sound, what the plan is, and
/// what it may cost and take. Nothing is performed, but that the planner of a goal is asked for its
/// first plan.
public final class ForesightRoutes {
    private static final int LONGEST_FILE = 1 << 20;
    private static final int MOST_SAMPLES = 2_000;
    private static final int USUAL_SAMPLES = 300;
    private static final int MOST_RUNS = 1_000;
    private static final int USUAL_RUNS = 100;

    /// What takes longer ends with as many played runs as there were time for.
    private static final Duration WITHIN = Duration.ofSeconds(3);

    /// So long another forecast is waited for.
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Map<String, String> ASKED =
            Map.of(
                    "workflow", "string",
                    "inputs", "object?",
                    "guesses", "object?",
                    "person", "string?",
                    "deadline", "string?",
                    "budget", "number?",
                    "every", "string?",
                    "runs", "int?",
                    "samples", "int?",
                    "seed", "int?");

    /// What is asked of a plan: also whether it is wanted as the pages draw it.
    private static final Map<String, String> ASKED_OF_A_PLAN = with(ASKED, "drawn", "bool?");

    private final Desk desk;
    private final FirstPlans plans;

    /// Playing runs takes a processor: one forecast at a time.
    private final Semaphore playing = new Semaphore(1);

    public ForesightRoutes(Desk desk, FirstPlans plans) {
        this.desk = desk;
        this.plans = plans;
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String type) {
        var more = new LinkedHashMap<>(fields);
        more.put(name, type);
        return more;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                Route.post(
                                "/api/v1/validate",
                                Right.VIEW,
                                this::validate,
                                "Everything that is wrong with a team file, each with its place and"
                                        + " the mend.")
                        .takes(
                                Map.of(
                                        "text", "string", "name", "string?", "lint", "bool?",
                                        "drawn", "bool?"))
                        .shows("Faults"),
                Route.post(
                                "/api/v1/plan",
                                Right.VIEW,
                                this::plan,
                                "The plan of a workflow before it is begun, or its contracts where"
                                        + " nobody plans. The planner of a goal is asked for its"
                                        + " first plan, for those who may begin runs.")
                        .takes(ASKED_OF_A_PLAN)
                        .shows("Plan|Contract")
                        .refuses(409, 422, 429),
                Route.post(
                                "/api/v1/forecast",
                                Right.VIEW,
                                this::forecast,
                                "What a workflow may cost and take, from the runs on record; of a"
                                        + " goal, what its planner's first plan may.")
                        .takes(ASKED)
                        .shows("Forecast")
                        .refuses(409, 422, 429));
    }

    private void validate(Context request) {
        var body = Body.of(request);
        if (!(body.fields().get("text") instanceof Value.Text(var text))
                || text.length() > LONGEST_FILE) {
            throw Problem.field(
                    "/text", "`text` is a team file, " + LONGEST_FILE + " characters at most");
        }
        var name = body.text("name", "team.yaml");
        boolean drawn = body.flag("drawn", false);
        var parsed = TeamFile.parse(text, name, drawn ? desk.team().files() : Map.of());
        var more =
                body.flag("lint", false)
                        ? parsed.team()
                                .map(team -> Lint.of(team, parsed.document()))
                                .orElse(List.of())
                        : List.<Fault>of();
        var faults = FaultsDocument.of(name, parsed, more);
        answer(request, 200, drawn ? faults.with(drawn(parsed)) : faults);
    }

    /// The workflows of a sound team file as pages draw them.
    private static Value.Struct drawn(TeamFile parsed) {
        return Value.struct(
                "drawn",
                new Value.Array(
                        parsed.team().map(Team::written).orElse(List.of()).stream()
                                .<Value>map(TeamRoutes::workflow)
                                .toList()));
    }

    private void plan(Context request) throws InterruptedException {
        var body = Body.of(request);
        var team = desk.team().required().members();
        var workflow = workflow(team, body);
        var choreography = workflow.choreography();
        if (choreography != null) {
            answer(request, 200, ContractsDocument.of(team, workflow, choreography).document());
            return;
        }
        var seen = foreseen(request, body);
        var document =
                new PlanDocument(
                        seen.team(), seen.workflow(), Uses.of(new Expressions(), seen.workflow()));
        var shown =
                seen.planned() == null
                        ? document.value(seen.forecast())
                        : document.toBegin(seen.forecast(), seen.planned());
        answer(
                request,
                200,
                body.flag("drawn", false)
                        ? shown.with("drawn", AgentPages.plan(seen.workflow()))
                        : shown);
    }

    private void forecast(Context request) throws InterruptedException {
        var seen = foreseen(request, Body.of(request));
        answer(request, 200, ForecastDocument.of(seen.workflow().name(), seen.forecast(), null));
    }

    /// A plan, and what it may cost and take.
    ///
    /// @param planned how a planner came to it, or null where it was written
    private record Foreseen(
            Team team, Workflow workflow, @Nullable Planned planned, Forecast forecast) {}

    /// The plan that is written, or else the first one of the goal's planner.
    private Foreseen foreseen(Context request, Body body) throws InterruptedException {
        var read = desk.team().required();
        var workflow = workflow(read.members(), body);
        if (workflow.choreography() != null) {
            throw new Problem(
                    422,
                    "no_plan",
                    "`"
                            + workflow.name()
                            + "` has no plan: /api/v1/plan shows who says what to whom");
        }
        // Whatever is wrong with what is asked is said before a planner is.
        asked(read.members(), workflow, body);
        if (workflow.planner() == null) {
            return new Foreseen(
                    read.members(), workflow, null, played(read.members(), workflow, body));
        }
        var planned = plans.of(request, read.team(), workflow, given(workflow, body));
        var team = read.members().with(planned.workflow());
        return new Foreseen(
                team,
                planned.workflow(),
                planned,
                played(team, planned.workflow(), body).ofFirstPlan());
    }

    private static Workflow workflow(Team team, Body body) {
        return TeamRoutes.workflow(team, body.text("workflow", ""));
    }

    private Forecast played(Team team, Workflow workflow, Body body) throws InterruptedException {
        var asked = asked(team, workflow, body);
        if (!playing.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Problem(429, "busy", "another forecast is made; ask again in a moment");
        }
        try {
            return Forecaster.of(asked.apply(), Watch.NOBODY);
        } finally {
            playing.release();
        }
    }

    /// What is asked, without what is read from the store for it.
    private interface Prepared {
        Forecaster.Asked apply();
    }

    private Prepared asked(Team team, Workflow workflow, Body body) {
        var given = given(workflow, body);
        int runs = (int) number(body, "runs", USUAL_RUNS, 0, MOST_RUNS);
        int samples = (int) number(body, "samples", USUAL_SAMPLES, 1, MOST_SAMPLES);
        long seed = number(body, "seed", 1, 0, Long.MAX_VALUE);
        var guesses = guesses(body);
        var bounds = new Forecast.Bounds(time(body, "deadline"), budget(body));
        var every = time(body, "every");
        return () ->
                new Forecaster.Asked(
                        team,
                        workflow,
                        given,
                        experience(team, workflow, runs),
                        guesses,
                        bounds,
                        every,
                        samples,
                        WITHIN,
                        seed);
    }

    /// The inputs as they are given, those that are missing left out.
    private static Value.Struct given(Workflow workflow, Body body) {
        var given = TeamRoutes.inputs(body);
        var bound = Inputs.bind(workflow.input(), given);
        var wrong =
                bound.faults().stream()
                        .filter(fault -> !fault.code().equals("E-INPUT-01"))
                        .toList();
        if (!wrong.isEmpty()) {
            throw Problem.faults(
                    "wrong_inputs", "the inputs do not fit the workflow", "/inputs", wrong);
        }
        return given.with(bound.values());
    }

    private Experience experience(Team team, Workflow workflow, int runs) {
        if (runs == 0) {
            return Experience.NONE;
        }
        try (var reader = desk.tutti().reader()) {
            return Recordings.of(reader, workflow.name(), runs, null, Watch.NOBODY)
                    .experience(reader, new Definitions(), team);
        }
    }

    private static Guesses guesses(Body body) {
        var ranges = new LinkedHashMap<String, Guesses.Range>();
        if (body.fields().get("guesses") instanceof Value.Struct guesses) {
            guesses.fields().forEach((task, guess) -> ranges.put(task, range(task, guess)));
        }
        return new Guesses(ranges, time(body, "person"));
    }

    private static Guesses.Range range(String task, Value guess) {
        try {
            return guess instanceof Value.Array(var ends) && ends.size() == 2
                    ? new Guesses.Range(real(ends.getFirst()), real(ends.getLast()))
                    : new Guesses.Range(real(guess), real(guess));
        } catch (IllegalArgumentException _) {
            throw Problem.field(
                    "/guesses/" + task, "a guess is a number up to a million, or two: [5, 20]");
        }
    }

    private static double real(Value value) {
        return switch (value) {
            case Value.Int(var number) -> number;
            case Value.Real(var number) -> number;
            default -> throw new IllegalArgumentException("no number");
        };
    }

    private static @Nullable Double budget(Body body) {
        var budget = body.fields().get("budget");
        if (budget == null || budget instanceof Value.Null) {
            return null;
        }
        try {
            return real(budget);
        } catch (IllegalArgumentException _) {
            throw Problem.field("/budget", "`budget` is a number of US dollars");
        }
    }

    private static long number(Body body, String name, long otherwise, long least, long most) {
        return switch (body.fields().get(name)) {
            case null -> otherwise;
            case Value.Int(var number) when number >= least && number <= most -> number;
            default ->
                    throw Problem.field(
                            "/" + name, "`" + name + "` is from " + least + " to " + most);
        };
    }

    private static @Nullable Duration time(Body body, String name) {
        return switch (body.fields().get(name)) {
            case null -> null;
            case Value.Null _ -> null;
            case Value.Text(var text) ->
                    TimeText.parse(text.strip())
                            .filter(Duration::isPositive)
                            .orElseThrow(() -> notATime(name));
            default -> throw notATime(name);
        };
    }

    private static Problem notATime(String name) {
        return Problem.field("/" + name, "`" + name + "` is a time, such as `30s` or `5m`");
    }
}

package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Goal;
import dev.tutti.Refusal;
import dev.tutti.StandIns;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Inputs;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.StandIn;
import dev.tutti.document.Leaderboard;
import dev.tutti.document.QuotaUse;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.view.AgentPages;
import dev.tutti.server.view.ResourcePages;
import dev.tutti.teamfile.Limits;
import dev.tutti.teamfile.TeamFile;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What can be begun, and beginning it.
public final class TeamRoutes {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final String BUDGET = "budget";
    private static final String STAND_IN_FROM = "stand_in_from";

    private final Desk desk;
    private final AgentPages agents;
    private final ResourcePages resources;
    private @Nullable Leaderboard latest;

    public TeamRoutes(Desk desk, AgentPages agents, ResourcePages resources) {
        this.desk = desk;
        this.agents = agents;
        this.resources = resources;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                Route.get(
                                "/api/v1/workflows",
                                Right.VIEW,
                                this::workflows,
                                "The workflows that can be begun here.")
                        .shows("Workflows"),
                Route.get(
                                "/api/v1/team",
                                Right.OPERATE,
                                this::text,
                                "The team file that is served, as it is written.")
                        .shows("TeamText"),
                Route.get(
                                "/api/v1/team/schema",
                                Right.VIEW,
                                request -> answer(request, 200, TeamFile.schema()),
                                "The JSON Schema of team files.")
                        .shows("object"),
                Route.get(
                                "/api/v1/agents",
                                Right.VIEW,
                                this::agents,
                                "Who does tasks, how well, and who may be given some now.")
                        .shows("Agents"),
                Route.post(
                                "/api/v1/agents/{agent}/disable",
                                Right.OPERATE,
                                request -> turn(request, false),
                                "Switches an agent off: it is given no task until it is on again.")
                        .takes(Map.of("reason", "string?"))
                        .shows("Switched"),
                Route.post(
                                "/api/v1/agents/{agent}/enable",
                                Right.OPERATE,
                                request -> turn(request, true),
                                "Switches an agent on again.")
                        .takes(Map.of("reason", "string?"))
                        .shows("Switched"),
                Route.get(
                                "/api/v1/quotas",
                                Right.VIEW,
                                this::quotas,
                                "The quotas that unfinished runs name, and how much of them is taken.")
                        .shows("Quotas"),
                Route.get(
                                "/api/v1/resources",
                                Right.VIEW,
                                this::resources,
                                "Places at agents, who waits for one, and the budgets of unfinished runs.")
                        .shows("Resources"),
                Route.post(RunRoutes.RUNS, Right.OPERATE, this::begin, "Begins a run.")
                        .takes(
                                Map.of(
                                        "workflow", "string",
                                        "inputs", "object?",
                                        "stand_in", "object?",
                                        "stand_in_from", "object?",
                                        "budget", "object?",
                                        "team", "string?",
                                        "dry_run", "bool?"))
                        .gives(201, "application/json")
                        .shows("Begun")
                        .also(200, "application/json", "BeginPreview"));
    }

    private void workflows(Context request) {
        var read = desk.team().read();
        answer(
                request,
                200,
                Value.struct(
                        "team",
                        desk.team().name().<Value>map(Value::text).orElse(Value.NULL),
                        "workflows",
                        new Value.Array(
                                read
                                        .map(team -> team.members().workflows())
                                        .orElse(List.of())
                                        .stream()
                                        .<Value>map(TeamRoutes::workflow)
                                        .toList())));
    }

    private void text(Context request) {
        answer(
                request,
                200,
                Value.struct(
                        "name",
                        Value.text(desk.team().name().orElse("")),
                        "text",
                        Value.text(desk.team().text())));
    }

    /// A workflow by its name.
    ///
    /// @throws Problem with those that there are
    static Workflow workflow(Team team, String name) {
        return team.workflow(name)
                .orElseThrow(() ->
                        Problem.field(
                                "/workflow",
                                "the team has no workflow `"
                                        + name
                                        + "`; it has "
                                        + team.workflows().stream().map(Workflow::name).toList()));
    }

    /// A workflow as pages draw it before it is begun.
    static Value.Struct workflow(Workflow workflow) {
        var inputs =
                workflow.input().fields().entrySet().stream()
                        .<Value>map(field -> input(field.getKey(), field.getValue()))
                        .toList();
        return Value.struct(
                        "workflow",
                        Value.text(workflow.name()),
                        "inputs",
                        new Value.Array(inputs),
                        "open",
                        Value.of(workflow.input().open()))
                .with("goal", goal(workflow))
                .with(BUDGET, Limits.written(workflow.budget()))
                .with(AgentPages.plan(workflow));
    }

    /// What is asked in words, and of whom, or null.
    private static Value goal(Workflow workflow) {
        var planner = workflow.planner();
        return planner == null
                ? Value.NULL
                : Value.struct(
                        "text",
                        Value.text(planner.goal()),
                        "planner",
                        Value.text(planner.agent().value()));
    }

    private static Value input(String name, Type.Field field) {
        var byDefault = field.byDefault();
        return Value.struct(
                "name",
                Value.text(name),
                "type",
                Value.text(field.type().toString()),
                "required",
                Value.of(field.required()),
                "default",
                byDefault == null ? Value.NULL : byDefault);
    }

    private void agents(Context request) {
        answer(
                request,
                200,
                agents.list(
                        desk.team().read().map(team -> team.members().agents()).orElse(List.of()),
                        leaderboard(),
                        desk.tutti().switches().all()));
    }

    /// What the runs show of agents, worked out anew at most every few seconds.
    private synchronized Leaderboard leaderboard() {
        var now = Instant.now();
        if (latest == null || latest.at().plus(FRESH).isBefore(now)) {
            latest = Leaderboard.of(desk.tutti(), now);
        }
        return latest;
    }

    private void turn(Context request, boolean on) throws InterruptedException {
        AgentId agent;
        try {
            agent = new AgentId(request.pathParam("agent"));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("this is not the name of an agent: " + e.getMessage());
        }
        var body = Body.of(request);
        var key = desk.key(request, agent + (on ? "/enable" : "/disable"), body);
        desk.tutti()
                .inTheNameOf(Caller.of(request).name())
                .turn(agent, on, body.text("reason", ""), key);
        answer(
                request,
                200,
                Value.struct("agent", Value.text(agent.value()), "enabled", Value.of(on)));
    }

    private void resources(Context request) {
        answer(request, 200, resources.document());
    }

    private void quotas(Context request) {
        answer(request, 200, QuotaUse.document(QuotaUse.of(desk.tutti(), Instant.now())));
    }

    private void begin(Context request) throws InterruptedException {
        var body = Body.of(request);
        var read = desk.team().required();
        requireSame(desk, read.team(), body.text("team", ""));
        var name = body.text("workflow", "");
        var workflow = workflow(read.members(), name);
        var inputs = inputs(body);
        var bound = Inputs.bind(workflow.input(), inputs);
        if (!bound.faults().isEmpty()) {
            throw Problem.faults(
                    "wrong_inputs",
                    "the inputs do not fit the workflow",
                    "/inputs",
                    bound.faults());
        }
        var standIns = standIns(body);
        var wrong = StandIns.faults(read.members(), workflow, bound.values(), standIns);
        if (!wrong.isEmpty()) {
            throw Problem.faults(
                    "wrong_stand_in",
                    "what stands in does not fit the workflow",
                    "/stand_in",
                    wrong);
        }
        var budget = budget(body, workflow, read.members().agents(), standIns);
        var goal = new Goal(read.team(), name, inputs, standIns, budget);
        var tutti = desk.tutti().inTheNameOf(Caller.of(request).name());
        if (body.flag("dry_run", false)) {
            try {
                tutti.check(goal);
            } catch (Refusal e) {
                throw refused(e);
            }
            answer(
                    request,
                    200,
                    Value.struct(
                                    "workflow",
                                    Value.text(name),
                                    "dry_run",
                                    Value.of(true),
                                    "inputs",
                                    bound.values(),
                                    "stand_in",
                                    standIns(standIns),
                                    "budget",
                                    Limits.written(workflow.budget().within(budget)))
                            .with(AgentPages.plan(workflow)));
            return;
        }
        var id = id(request, body);
        try {
            var run = desk.admission().admitRun(() -> tutti.submit(goal, id));
            request.header("location", RunRoutes.RUNS + "/" + run.id());
            answer(
                    request,
                    201,
                    RunRoutes.begun(run.id()).with("status", desk.runs().status(run.id())));
        } catch (Refusal e) {
            throw refused(e);
        }
    }

    private static Problem refused(Refusal e) {
        return new Problem(422, "refused", String.valueOf(e.getMessage()));
    }

    /// What the run may take, within what the workflow allows.
    private static Budget budget(
            Body body, Workflow workflow, List<Agent> agents, List<StandIn> standIns) {
        var limits = Limits.read(object(body, BUDGET));
        var wrong =
                limits.faults().isEmpty()
                        ? Limits.faults(limits.budget(), workflow, agents, standIns)
                        : limits.faults();
        if (!wrong.isEmpty()) {
            throw Problem.faults(
                    "wrong_budget", "the budget does not fit the workflow", "/budget", wrong);
        }
        return limits.budget();
    }

    /// Outputs that stand in: those given by their tasks, and those that are taken from runs.
    private List<StandIn> standIns(Body body) {
        var standIns = new ArrayList<StandIn>();
        object(body, StandIn.VERB)
                .fields()
                .forEach((task, output) -> standIns.add(new StandIn(task, output, null)));
        object(body, STAND_IN_FROM)
                .fields()
                .forEach((run, tasks) -> {
                    var id = desk.run(run);
                    if (!(tasks instanceof Value.Array(var items))
                            || !items.stream().allMatch(Value.Text.class::isInstance)) {
                        throw Problem.field(
                                "/stand_in_from/" + run, "the tasks are named in a list");
                    }
                    var names = items.stream().map(name -> ((Value.Text) name).value()).toList();
                    try {
                        standIns.addAll(StandIns.recorded(desk.tutti().run(id.value()), names));
                    } catch (Refusal e) {
                        throw Problem.faults(
                                "wrong_stand_in",
                                "what would stand in is not there",
                                "/stand_in_from/" + run,
                                e.faults());
                    }
                });
        return standIns;
    }

    private static Value.Struct object(Body body, String field) {
        return switch (body.fields().get(field)) {
            case null -> Value.Struct.EMPTY;
            case Value.Null _ -> Value.Struct.EMPTY;
            case Value.Struct struct -> struct;
            default -> throw Problem.field("/" + field, "`" + field + "` is an object");
        };
    }

    private static Value.Struct standIns(List<StandIn> standIns) {
        var from = new LinkedHashMap<String, Value>();
        standIns.forEach(one ->
                from.put(
                        one.task(),
                        Value.struct(
                                "run",
                                one.from() == null ? Value.NULL : Value.text(one.from().value()))));
        return new Value.Struct(from);
    }

    /// Whoever has a team file at hand means that one, and no other of its name.
    ///
    /// @param hash of what the file says, or empty
    static void requireSame(Desk desk, dev.tutti.Team served, String hash) {
        if (!hash.isEmpty() && !hash.equals(Sha256.hex(Json.bytes(served.document())))) {
            throw new Problem(
                    409,
                    "other_team",
                    "the server serves another team than this file, "
                            + desk.team().name().orElse("")
                            + "; `tutti run '#WORKFLOW'` begins what it serves");
        }
    }

    static Value.Struct inputs(Body body) {
        return object(body, "inputs");
    }

    private RunId id(Context request, Body body) {
        var key = Desk.idempotencyKey(request);
        return key == null
                ? dev.tutti.Tutti.newRun()
                : desk.reservations()
                        .reserve(Caller.of(request).name() + "\n" + key, Json.bytes(body.fields()));
    }
}

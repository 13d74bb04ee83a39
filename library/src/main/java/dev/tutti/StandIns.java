package dev.tutti;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.Decision;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.StandIn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Outputs that stand in for the work of tasks in a run that is to be begun: taken from another
/// run, and held against the workflow.
public final class StandIns {
    private static final String AT = StandIn.VERB;

    private final Team team;
    private final Workflow workflow;
    private final Value.Struct inputs;
    private final List<Fault> faults = new ArrayList<>();

    private StandIns(Team team, Workflow workflow, Value.Struct inputs) {
        this.team = team;
        this.workflow = workflow;
        this.inputs = inputs;
    }

    /// The tasks of a run whose output can stand in elsewhere: those that have one.
    public static List<String> of(RunState state) {
        return state.graph().order().stream()
                .filter(name -> state.graph().node(name).phase() == Graph.Phase.DONE)
                .toList();
    }

    /// What was proposed, which stands in for the task that planned it.
    static StandIn of(Run run, Event.PlanProposed proposed) {
        return new StandIn(
                proposed.task().name(), proposed.proposal(), run.id(), proposed.amendment());
    }

    /// What tasks of a run gave; of one that plans, what it planned, also where that was only
    /// looked at.
    ///
    /// @throws Refusal with each of them that gave nothing
    public static List<StandIn> recorded(Run run, List<String> tasks) {
        var state = run.load().state();
        var there = of(state);
        var faults = new ArrayList<Fault>();
        var standIns = new ArrayList<StandIn>();
        for (var task : tasks) {
            var node = state.graph().find(task);
            var found =
                    node != null && node.task().plans()
                            ? plan(run, task)
                            : Optional.ofNullable(
                                            there.contains(task) ? state.outputs().of(task) : null)
                                    .map(output -> new StandIn(task, output, run.id()));
            found.ifPresentOrElse(standIns::add, () -> faults.add(missing(run, task, there)));
        }
        if (!faults.isEmpty()) {
            throw new Refusal("what would stand in is not there:", faults);
        }
        return standIns;
    }

    private static Fault missing(Run run, String task, List<String> there) {
        return new Fault(
                "E-STAND-02",
                "run " + run.id() + " has no output of `" + task + "`",
                List.of(AT, task),
                null,
                "did not succeed there",
                there.isEmpty()
                        ? "no task of that run has one"
                        : "that run has outputs of " + String.join(", ", there));
    }

    /// What a task planned last that plans.
    private static Optional<StandIn> plan(Run run, String task) {
        var last = Optional.<StandIn>empty();
        var accepted = Optional.<Value>empty();
        for (var moment : run.moments()) {
            switch (moment.event()) {
                case Event.PlanProposed e when e.task().name().equals(task) ->
                        last = Optional.of(of(run, e));
                case Event.ResultAccepted e when e.task().name().equals(task) ->
                        accepted = Optional.of(e.output());
                case Event.OutputGiven e when e.task().name().equals(task) ->
                        accepted = Optional.of(e.output());
                case Event.PlanAmended e -> {
                    if (accepted.isPresent()) {
                        last =
                                Optional.of(
                                        new StandIn(task, accepted.get(), run.id(), e.amendment()));
                        accepted = Optional.empty();
                    }
                }
                default -> {
                    // Not of this plan.
                }
            }
        }
        return last;
    }

    /// What of these outputs does not fit the workflow; places are below `["stand_in"]`.
    ///
    /// @param inputs as the run would have them, defaults filled in
    public static List<Fault> faults(
            Team team, Workflow workflow, Value.Struct inputs, List<StandIn> standIns) {
        var check = new StandIns(team, workflow, inputs);
        check.look(standIns);
        return check.faults;
    }

    private void look(List<StandIn> standIns) {
        var names = new ArrayList<String>();
        for (var one : standIns) {
            if (one.plan() != null) {
                names.add(one.task());
            }
        }
        tasks(standIns).forEach(task -> names.add(task.name()));
        var seen = new ArrayList<String>();
        for (var one : standIns) {
            var at = List.of(AT, one.task());
            if (!names.contains(one.task())) {
                add(
                        "E-STAND-01",
                        "there is no task `" + one.task() + "`",
                        at,
                        "unknown",
                        mend(one.task(), names));
            } else if (seen.contains(one.task())) {
                add(
                        "E-STAND-01",
                        "`" + one.task() + "` is given two outputs",
                        at,
                        "twice",
                        "give one");
            } else {
                seen.add(one.task());
                if (one.plan() == null) {
                    type(task(standIns, one.task()), one.output(), at);
                }
            }
        }
        if (faults.isEmpty()) {
            widths(standIns);
        }
    }

    private String mend(String name, List<String> names) {
        if (names.isEmpty()) {
            return "the tasks of `" + workflow.name() + "` are known once it runs";
        }
        return Similar.to(name, names)
                .map(near -> "write `" + near + "`")
                .orElse("there are " + String.join(", ", names));
    }

    private void add(String code, String message, List<String> at, String label, String help) {
        faults.add(new Fault(code, message, at, null, label, help));
    }

    /// Those of the workflow, and those of a plan that stands in.
    private List<Task> tasks(List<StandIn> standIns) {
        var tasks = new ArrayList<>(workflow.tasks());
        for (var one : standIns) {
            if (one.plan() != null) {
                tasks.addAll(one.plan().tasks());
            }
        }
        return tasks;
    }

    private Task task(List<StandIn> standIns, String name) {
        return tasks(standIns).stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// The declared output of its skill, item by item for a fan-out whose results are a list.
    private void type(Task task, Value output, List<String> at) {
        var each = task.flow().each();
        if (each != null && each.resolve() != null) {
            return;
        }
        if (each != null && !(output instanceof Value.Array)) {
            add(
                    "E-STAND-03",
                    "`"
                            + task.name()
                            + "` is a fan-out, and a "
                            + Value.shape(output)
                            + " is no list",
                    at,
                    "no list",
                    "give a list with what each item gave");
            return;
        }
        if (!(task.performer() instanceof Task.Performer.BySkill(var skill, _, _))) {
            return;
        }
        var declared = team.skill(skill).output();
        if (each == null) {
            faults.addAll(declared.check(output, at));
            return;
        }
        var items = ((Value.Array) output).items();
        for (int i = 0; i < items.size(); i++) {
            var place = new ArrayList<>(at);
            place.add(Integer.toString(i));
            faults.addAll(declared.check(items.get(i), place));
        }
    }

    /// How many items each fan-out would have, as far as that is known when the run begins: it is
    /// begun on trial without the output in question.
    private void widths(List<StandIn> standIns) {
        for (var one : standIns) {
            var each = one.plan() == null ? task(standIns, one.task()).flow().each() : null;
            if (each == null || each.resolve() != null) {
                continue;
            }
            var others = new ArrayList<>(standIns);
            others.remove(one);
            fannedOut(decide(others), one.task())
                    .ifPresent(e -> width(task(standIns, one.task()), one, e));
        }
        var rejection = decide(standIns).rejection();
        if (faults.isEmpty() && rejection != null) {
            add("E-STAND-01", rejection.message(), List.of(AT), "refused", "leave it out");
        }
    }

    private static Optional<Event.FannedOut> fannedOut(Decision decision, String task) {
        return decision.steps().stream()
                .map(Decision.Step::event)
                .filter(event -> event instanceof Event.FannedOut e && e.task().equals(task))
                .map(Event.FannedOut.class::cast)
                .findFirst();
    }

    private void width(Task task, StandIn one, Event.FannedOut e) {
        int size = ((Value.Array) one.output()).items().size();
        boolean mayLack = task.policy().ladder().contains(Task.Remedy.SKIP);
        if (size > e.width() || (size < e.need() && !mayLack)) {
            add(
                    "E-STAND-03",
                    "`"
                            + one.task()
                            + "` has "
                            + e.width()
                            + " items with these inputs, and "
                            + size
                            + " outputs stand in for them",
                    List.of(AT, one.task()),
                    size + " for " + e.width(),
                    e.need() < e.width()
                            ? "give from " + e.need() + " to " + e.width()
                            : "give " + e.width() + ", or let the task be done");
        }
    }

    private Decision decide(List<StandIn> standIns) {
        return new Decider(new Expressions())
                .decide(
                        RunState.EMPTY,
                        new Command.Start(
                                new RunId("trial"),
                                workflow.name(),
                                "",
                                inputs,
                                workflow.tasks(),
                                workflow.output(),
                                "",
                                workflow.onStall(),
                                null,
                                workflow.planner(),
                                workflow.budget(),
                                workflow.mode(),
                                standIns),
                        new Decider.Facts(Instant.now(), team));
    }
}

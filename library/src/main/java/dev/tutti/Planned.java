package dev.tutti;

import static java.util.Objects.requireNonNull;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.StandIn;
import dev.tutti.runtime.engine.Runs;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The first plan for a goal, as its planner made it. Nothing of it was begun.
///
/// @param workflow the goal's workflow, with the tasks and the output of the plan and without a
///   planner
/// @param amendment the plan as the planner gave it: why, and whether it is to grow
/// @param usage what it took to plan
/// @param standIn with which a run in the same store begins with this plan; null where a plan needs
///   someone's leave, or is not in this store
public record Planned(
        Workflow workflow, Amendment amendment, Usage usage, @Nullable StandIn standIn) {
    private static final String CANCELLED = "it was only to be planned";
    private static final String READER = "reads_the_plan";
    private static final long LOOK_MILLIS = 20;
    private static final int PAGE = 1_000;

    /// The workflow of a goal.
    ///
    /// @throws Refusal where it is none, or not sound
    static Workflow goal(Tutti tutti, Goal goal) {
        var workflow =
                tutti.sound(goal.team().document())
                        .workflow(goal.workflow())
                        .orElseThrow(() ->
                                new Refusal("the team has no workflow `" + goal.workflow() + "`"));
        if (workflow.planner() == null) {
            throw new Refusal("workflow `" + workflow.name() + "` is no goal: it has its plan");
        }
        return workflow;
    }

    /// Begins a run whose plan waits for leave, and cancels it when the plan is there.
    static Planned of(Tutti tutti, Goal goal, Duration within) throws InterruptedException {
        var workflow = goal(tutti, goal);
        var planner = requireNonNull(workflow.planner());
        var team = goal.team().withDocument(halting(goal.team().document(), workflow, planner));
        var run = tutti.submit(new Goal(team, goal.workflow(), goal.inputs()));
        var proposed = proposed(tutti, run, within);
        run.cancel(CANCELLED);
        var usage = run.load().state().usage();
        return new Planned(
                planned(workflow, proposed.amendment()),
                proposed.amendment(),
                usage,
                planner.approval() == null ? StandIns.of(run, proposed) : null);
    }

    /// The plan that a planner has given for a goal elsewhere.
    public static Planned of(Workflow workflow, Amendment amendment, Usage usage) {
        return new Planned(planned(workflow, amendment), amendment, usage, null);
    }

    private static Workflow planned(Workflow workflow, Amendment amendment) {
        var planned = workflow.withTasks(amendment.tasks()).with(null, workflow.budget());
        var output = amendment.output();
        return output == null ? planned : planned.withOutput(output);
    }

    /// Waits for what the planner gives.
    ///
    /// @throws Refusal with the reason, where it gives no plan
    private static Event.PlanProposed proposed(Tutti tutti, Run run, Duration within)
            throws InterruptedException {
        var why = "the planner gave none";
        long began = System.nanoTime();
        long from = 0;
        try (var reader = tutti.reader()) {
            while (true) {
                for (var entry : reader.read(run.stream(), from, PAGE)) {
                    from = entry.sequence();
                    switch (Runs.event(entry)) {
                        case Event.PlanProposed e -> {
                            return e;
                        }
                        case Event.AttemptEnded(_, _, var failure, _) -> why = failure.message();
                        case Event.QuestionAsked e -> {
                            run.cancel(CANCELLED);
                            throw new Refusal(
                                    e.question().purpose() == Question.Purpose.REMEDY
                                            ? why
                                            : e.question().text());
                        }
                        case Event.Ended _ -> throw new Refusal(why);
                        default -> {
                            // The planner is at it.
                        }
                    }
                }
                if (System.nanoTime() - began > within.toNanos()) {
                    run.cancel(CANCELLED);
                    throw new Refusal(
                            "the planner has given none in " + within.toSeconds() + " s; " + why);
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                tutti.own();
            }
        }
    }

    /// The team's document, where whatever the planner gives waits for someone's leave.
    private static Value.Struct halting(Value.Struct document, Workflow workflow, Planner planner) {
        var keys = new LinkedHashMap<String, Value>();
        keys.put("agent", Value.text(planner.agent().value()));
        keys.put("rounds", Value.of(planner.rounds()));
        keys.put("stalls", Value.of(planner.stalls()));
        keys.put("attempts", Value.of(planner.attempts()));
        var approval = planner.approval();
        keys.put("approve", Value.text(approval == null ? READER : approval.value()));
        var workflows = struct(document, "workflows");
        var content = struct(workflows, workflow.name());
        // Where the goal is part of a pattern, it is written out.
        var pattern = struct(content, "pattern");
        var goal = pattern.fields().isEmpty() ? content : struct(pattern, first(pattern));
        var written = new LinkedHashMap<>(content.fields());
        written.remove("pattern");
        for (var key : new String[] {"goal", "wants"}) {
            var value = goal.get(key);
            if (value != null) {
                written.put(key, value);
            }
        }
        written.put("planner", new Value.Struct(keys));
        var halting =
                document.with(
                        "workflows", workflows.with(workflow.name(), new Value.Struct(written)));
        return approval == null
                ? halting.with(
                        "agents",
                        struct(document, "agents")
                                .with(READER, Value.struct("uses", Value.text("human"))))
                : halting;
    }

    private static String first(Value.Struct struct) {
        return struct.fields().keySet().iterator().next();
    }

    private static Value.Struct struct(Value.Struct in, String key) {
        return in.get(key) instanceof Value.Struct there ? there : Value.Struct.EMPTY;
    }
}

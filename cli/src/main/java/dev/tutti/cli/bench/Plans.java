package dev.tutti.cli.bench;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.agent.AgentExecutor;
import java.util.ArrayList;
import java.util.List;

/// The plans that are measured, and the one agent that does their tasks.
///
/// @param steps tasks in all
/// @param wide whether most tasks run side by side
/// @param agent does nothing
record Plans(Team team, int steps, boolean wide, AgentExecutor agent) {
    static final String WORKFLOW = "bench";
    private static final SkillId NOTHING = new SkillId("nothing");
    private static final Value.Struct ONE = Value.struct("n", Value.of(1));
    private static final int PLACES = 10_000;

    /// Each task takes the output of the one before.
    static Plans chain(int length) {
        var tasks = new ArrayList<Task>();
        tasks.add(Task.of("t0", NOTHING, Value.struct("n", Value.of(0))));
        for (int i = 1; i < length; i++) {
            var before = "t" + (i - 1);
            tasks.add(
                    Task.of(
                            "t" + i,
                            NOTHING,
                            Value.struct("n", Value.text("${" + before + ".n}")),
                            before));
        }
        return new Plans(
                team(tasks, "${t" + (length - 1) + "}"),
                length,
                false,
                _ -> Outcome.succeeded(ONE));
    }

    /// One task gives a list, one runs over it, one takes all that came of it.
    static Plans fanOut(int width) {
        var numbers = new ArrayList<Value>(width);
        for (int i = 0; i < width; i++) {
            numbers.add(Value.of(i));
        }
        var list = Value.struct("items", new Value.Array(numbers));
        var fan =
                new Task(
                                "fan",
                                new Task.Performer.BySkill(NOTHING),
                                Value.struct("n", Value.text("${item}")),
                                List.of("source"))
                        .with(Task.Flow.over("${source.items}", width));
        var tasks =
                List.of(
                        Task.of("source", NOTHING, Value.Struct.EMPTY),
                        fan,
                        Task.of("join", NOTHING, Value.struct("all", Value.text("${fan}")), "fan"));
        return new Plans(
                team(tasks, "${join.n}"),
                width + 2,
                true,
                attempt -> Outcome.succeeded(attempt.task().name().equals("source") ? list : ONE));
    }

    private static Team team(List<Task> tasks, String output) {
        var worker =
                new Agent(
                        new AgentId("worker"),
                        List.of(NOTHING),
                        "function",
                        Value.Struct.EMPTY,
                        new Agent.Limits(PLACES, null));
        var workflow = new Workflow(WORKFLOW, Type.Struct.OPEN, tasks, Value.text(output));
        return new Team(List.of(), List.of(worker), List.of(workflow));
    }
}

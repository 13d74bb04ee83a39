package dev.tutti.cli.view;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.view.Overview;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A run told event by event, as its journal would be.
final class Story {
    static final Instant BEGUN = Instant.parse("2026-11-22T20:31:04Z");
    private static final RunId RUN = new RunId("01JD9Q7KXYZ0000000000000000");
    private static final SkillId SKILL = new SkillId("any");

    private final Overview overview = Overview.of(RUN);
    private Instant now = BEGUN;

    Story(List<Task> plan) {
        tell(new Event.RunStarted(RUN, "answer", "0".repeat(64), Value.Struct.EMPTY, Value.NULL));
        tell(new Event.PlanAmended(0, "workflow", "the plan as written", plan));
    }

    static Task task(String name, String... dependencies) {
        return Task.of(name, SKILL, Value.Struct.EMPTY, dependencies);
    }

    static Task fanOut(String name, String over) {
        return new Task(name, new Task.Performer.BySkill(SKILL), Value.Struct.EMPTY, List.of(over))
                .with(Task.Flow.over("${" + over + "}", Task.DEFAULT_MAX));
    }

    Overview overview() {
        return overview;
    }

    Instant now() {
        return now;
    }

    Story later(long millis) {
        now = now.plus(Duration.ofMillis(millis));
        return this;
    }

    Story tell(Event event) {
        var encoded = EventCodec.encode(event);
        var entry =
                new NewEntry(
                        encoded.type(),
                        encoded.version(),
                        now,
                        "engine",
                        "",
                        null,
                        encoded.payload());
        long sequence = overview.state().sequence() + 1;
        overview.add(
                new Entry(
                        sequence,
                        StreamId.run(TenantId.LOCAL, RUN),
                        sequence,
                        1,
                        entry,
                        new byte[32]));
        return this;
    }

    Story begin(String task, String agent) {
        return ready(task).assign(task, agent);
    }

    Story ready(String task) {
        return tell(new Event.TaskReady(TaskId.parse(task), Value.Struct.EMPTY));
    }

    Story assign(String task, String agent) {
        long token = overview.state().sequence() + 1;
        return tell(
                new Event.Assigned(
                        TaskId.parse(task), token, new AgentId(agent), 1, List.of(), null, null));
    }

    Story done(String task, Value output) {
        var usage = new Usage(Money.of("0.01"), 900, 100);
        return tell(new Event.ResultAccepted(TaskId.parse(task), token(task), output, usage));
    }

    Story failed(String task, String code) {
        var failure = new Failure.Transient(code, "not now");
        return tell(new Event.AttemptEnded(TaskId.parse(task), token(task), failure, Usage.NONE));
    }

    private long token(String task) {
        return overview.state().task(TaskId.parse(task)).token();
    }
}

package dev.tutti.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What dies of an error, which is no exception, must not leave anyone waiting for it.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class DriverTest {
    private static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("ONE"));
    private static final SkillId WORK = new SkillId("work");
    private static final Request START =
            new Request.Start("main", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);

    private static Team team() {
        var agent =
                new Agent(
                        new AgentId("any"),
                        List.of(WORK),
                        "scripted",
                        Value.Struct.EMPTY,
                        Agent.Limits.DEFAULT);
        var once = new Task.Retry(1, Duration.ZERO, Duration.ZERO);
        var task = Task.of("only", WORK, Value.Struct.EMPTY).with(Task.Policy.DEFAULT.with(once));
        return new Team(
                List.of(),
                List.of(agent),
                List.of(new Workflow("main", Type.Struct.OPEN, List.of(task), Value.NULL)));
    }

    private static Driver driver(Journal journal, AgentExecutor executor) {
        return Crew.drive(journal, team(), executor);
    }

    private static Journal dyingAtCommits() {
        var memory = new MemoryJournal();
        return (Journal)
                Proxy.newProxyInstance(
                        Journal.class.getClassLoader(),
                        new Class<?>[] {Journal.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("commit")) {
                                throw new LinkageError("a class is not there");
                            }
                            return method.invoke(memory, arguments);
                        });
    }

    @Test
    void whoever_waits_for_an_engine_that_dies_of_an_error_is_told() {
        AgentExecutor never =
                _ -> {
                    throw new AssertionError("nothing was committed");
                };
        try (var driver = driver(dyingAtCommits(), never)) {
            var end = driver.ended(RUN);
            var first = driver.ask(RUN, START, "ana", "r-1");

            assertThatThrownBy(first::get).hasRootCauseInstanceOf(LinkageError.class);
            assertThatThrownBy(end::get).hasRootCauseInstanceOf(LinkageError.class);
            assertThatThrownBy(driver.ask(RUN, START, "ana", "r-2")::get)
                    .hasRootCauseInstanceOf(LinkageError.class);
        }
    }

    @Test
    void an_attempt_that_dies_of_an_error_has_failed() throws Exception {
        AgentExecutor dying =
                _ -> {
                    throw new AssertionError("it cannot be");
                };
        try (var driver = driver(new MemoryJournal(), dying)) {
            var end = driver.ended(RUN);
            assertThat(driver.ask(RUN, START, "ana", "r-1").get().refusal()).isNull();

            assertThat(end.get()).isEqualTo(Status.FAILED);
        }
    }
}

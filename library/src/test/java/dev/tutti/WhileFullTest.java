package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.wiring.Definitions;
import dev.tutti.wiring.ProvidedExecutors;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class WhileFullTest {
    private static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("ONE"));

    private final MemoryJournal memory = new MemoryJournal();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicInteger refusals = new AtomicInteger();

    private static JournalException noSpace() {
        return new JournalException("full", "the disk is full", null);
    }

    /// A journal that takes no commits while its disk is full.
    private Journal journal() {
        return (Journal)
                Proxy.newProxyInstance(
                        Journal.class.getClassLoader(),
                        new Class<?>[] {Journal.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("commit") && full.get()) {
                                refusals.incrementAndGet();
                                throw noSpace();
                            }
                            try {
                                return method.invoke(memory, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private Driver driver() {
        var definitions = new Definitions();
        return Driver.start(
                new Driver.Parts(
                        journal(),
                        new MemoryArtifacts(),
                        definitions,
                        new ProvidedExecutors(Path.of(""), definitions, () -> memory),
                        new Expressions(),
                        Value.Struct.EMPTY,
                        Clock.systemUTC()));
    }

    private static Request start() {
        var team =
                Team.define()
                        .agent("any", "work", _ -> Map.of("n", 1))
                        .workflow("one", w -> w.task("only", "work", Map.of()).output("${only}"));
        return new Request.Start(
                "one", Definitions.of(team.document(), team.base()), Value.Struct.EMPTY);
    }

    private long begun() {
        return memory.read(RUN, 0, 1_000).stream()
                .filter(entry -> Runs.event(entry) instanceof Event.RunStarted)
                .count();
    }

    private static WhileFull.Ask<Driver.Answer> asking(Driver driver) {
        return () -> driver.ask(RUN, start(), "ana", "r-1").get();
    }

    @Test
    void whoever_asks_while_the_disk_is_full_is_answered_once_there_is_space_and_it_is_done_once()
            throws Exception {
        try (var driver = driver()) {
            full.set(true);
            var space =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (refusals.get() < 3) {
                                    Thread.onSpinWait();
                                }
                                full.set(false);
                            });

            var answer = WhileFull.ask("r-1", WhileFull.PATIENCE, asking(driver));

            space.join();
            assertThat(answer.refusal()).isNull();
            assertThat(begun()).isEqualTo(1);
        }
    }

    @Test
    void whoever_has_waited_long_enough_is_told_under_which_id_it_may_still_be_carried_out()
            throws Exception {
        try (var driver = driver()) {
            full.set(true);

            assertThatThrownBy(() -> WhileFull.ask("r-1", Duration.ofMillis(300), asking(driver)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("r-1")
                    .hasMessageContaining("may still be carried out");

            full.set(false);
            assertThat(WhileFull.ask("r-1", WhileFull.PATIENCE, asking(driver)).refusal()).isNull();
            assertThat(begun()).isEqualTo(1);
        }
    }

    @Test
    void what_is_refused_for_another_reason_is_not_asked_again() {
        var asked = new AtomicInteger();

        assertThatThrownBy(() ->
                        WhileFull.ask(
                                "r-1",
                                WhileFull.PATIENCE,
                                () -> {
                                    asked.incrementAndGet();
                                    throw new JournalException("io", "broken", null);
                                }))
                .isInstanceOf(JournalException.class);
        assertThatThrownBy(() ->
                        WhileFull.ask(
                                "r-1",
                                WhileFull.PATIENCE,
                                () -> {
                                    asked.incrementAndGet();
                                    throw new ExecutionException(
                                            new IllegalStateException("closed"));
                                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(asked).hasValue(2);
    }
}

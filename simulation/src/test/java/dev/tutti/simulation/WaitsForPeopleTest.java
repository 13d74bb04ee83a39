package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whether nothing but people is left to move a run, as far as a look at the runs below it tells.
@Timeout(60)
class WaitsForPeopleTest {
    private final Scene scene = new Scene();
    private final Watched journal = new Watched(scene.journal());

    /// A run that waits for `width` runs of its own, each of which asks the boss.
    private void waitFor(int width) {
        var each = new Task.Each("${input.list}", 10_000, null, null, false);
        scene.team(Scene.human("boss", Value.Struct.EMPTY))
                .workflow(
                        "main",
                        Value.NULL,
                        Scene.by(new Task.Performer.ByWorkflow("part"), "below")
                                .with(Task.Flow.ONCE.with(each)))
                .workflow(
                        "part",
                        Value.NULL,
                        Scene.by(new Task.Performer.ByAgent(new AgentId("boss")), "decide"));
        scene.start(Value.struct("list", Value.from(Collections.nCopies(width, 1))))
                .pass(Duration.ofMinutes(1));
        assertThat(scene.state().status()).isEqualTo(Status.RUNNING);
        assertThat(scene.state().open()).hasSize(width);
    }

    private boolean waits() {
        return Runs.waitsForPeople(journal, Scene.stream(Scene.RUN), scene.state());
    }

    @Test
    void a_run_all_of_whose_runs_ask_people_waits_for_people() {
        waitFor(3);
        assertThat(waits()).isTrue();
        assertThat(journal.read).hasSize(3);
    }

    @Test
    void of_a_run_of_very_many_runs_it_is_not_known_and_few_of_them_are_read() {
        waitFor(500);
        assertThat(waits()).isFalse();
        assertThat(journal.read).hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void of_a_run_with_a_damaged_run_below_it_is_not_known() {
        waitFor(3);
        waits();
        journal.damaged = journal.read.iterator().next();
        assertThat(waits()).isFalse();
    }

    /// A journal that knows which streams were read, and of which one may be damaged.
    private static final class Watched extends ForwardingJournal {
        private final Set<StreamId> read = new HashSet<>();
        private StreamId damaged = Scene.stream(Scene.RUN);

        private Watched(Journal journal) {
            super(journal);
        }

        @Override
        public List<Entry> read(StreamId stream, long sequence, int limit) {
            read.add(stream);
            if (stream.equals(damaged)) {
                throw new JournalException("corrupt", "the chain does not hold", null);
            }
            return super.read(stream, sequence, limit);
        }
    }
}

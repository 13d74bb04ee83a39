package dev.tutti.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.RunPages.Choice;
import dev.tutti.server.view.Views;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What readers of one run share is given to each from where it is.
@Timeout(30)
class FramesTest {
    private static final Choice ALL = new Choice(null, null, false);

    private static List<Long> numbers(List<Frames.Frame> frames) {
        return frames.stream().map(Frames.Frame::sequence).toList();
    }

    @Test
    void who_was_behind_and_has_read_for_himself_is_not_told_again() throws Exception {
        var gate = new CountDownLatch(1);
        var team =
                Team.define()
                        .agent(
                                "echo",
                                List.of("say"),
                                _ -> {
                                    gate.await();
                                    return Outcome.succeeded(Value.struct("ok", Value.of(true)));
                                })
                        .workflow("one", workflow -> workflow.task("say", "say", Map.of()));
        try (var tutti = Tutti.inMemory();
                var views = new Views(tutti::reader, tutti::leftAlone)) {
            var pages = new RunPages(views);
            var frames = new Frames(pages);
            var run = tutti.submit(team.goal("one", Map.of()));
            while (run.load().state().open().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            long before = run.load().state().sequence();
            // One follows from the third event on, and knows all that there is.
            assertThat(numbers(frames.after(run.id(), 3, ALL, 1))).last().isEqualTo(before);
            gate.countDown();
            run.await();
            long after = run.load().state().sequence();
            // Another comes from the first, and reads for himself.
            assertThat(numbers(frames.after(run.id(), 1, ALL, 1))).last().isEqualTo(after);
            assertThat(frames.after(run.id(), after, ALL, 2)).isEmpty();
            assertThat(numbers(frames.after(run.id(), before, ALL, 2)))
                    .first()
                    .isEqualTo(before + 1);
            assertThat(numbers(frames.after(run.id(), after - 1, ALL, 2))).containsExactly(after);
        }
    }
}

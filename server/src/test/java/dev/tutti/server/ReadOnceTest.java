package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.CriticalPath;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.Views;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How much of a journal is read for what a page of a run asks.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ReadOnceTest {

    @Test
    void all_that_a_page_of_a_run_asks_first_comes_of_one_reading() throws Exception {
        try (var served = Served.inMemory()) {
            var begun = served.begin("plain");
            served.awaitStatus(begun, "succeeded");
            var run = new RunId(begun);
            var events = new AtomicLong();
            try (var views =
                    new Views(
                            () -> counted(served.tutti.reader(), events), _ -> Optional.empty())) {
                var pages = new RunPages(views);
                pages.view(run, Long.MAX_VALUE);
                long all = pages.sequence(run);
                assertThat(pages.lanes(run, 10).get("head")).isEqualTo(Value.of(all));
                var path = pages.path(run).orElseThrow();
                assertThat(pages.path(run)).contains(path);
                assertThat(events.get()).as("events read").isEqualTo(all).isPositive();
                assertThat(path.get("makespan_ms"))
                        .isEqualTo(
                                served.get("/api/v1/runs/" + begun + "/path").get("makespan_ms"));
            }
        }
    }

    @Test
    void a_run_that_goes_on_has_no_path_until_the_event_that_ends_it_is_read() throws Exception {
        try (var served = Served.inMemory()) {
            var begun = served.begin("asking");
            served.awaitStatus(begun, "waiting");
            var run = new RunId(begun);
            var events = new AtomicLong();
            try (var views =
                    new Views(
                            () -> counted(served.tutti.reader(), events), _ -> Optional.empty())) {
                var pages = new RunPages(views);
                assertThat(pages.path(run)).isEmpty();
                served.admin.post("/api/v1/runs/" + begun + "/cancel");
                served.awaitStatus(begun, "cancelled");
                var path = pages.path(run).orElseThrow();
                assertThat(events.get()).isEqualTo(pages.sequence(run));
                try (var reader = served.tutti.reader()) {
                    var whole =
                            CriticalPath.of(
                                    Moments.of(
                                            reader,
                                            served.tutti.run(begun).stream(),
                                            Watch.NOBODY));
                    assertThat(path.get("makespan_ms"))
                            .isEqualTo(Value.of(whole.makespan().toMillis()));
                }
            }
        }
    }

    /// A reader that counts the events that are read.
    private static JournalReader counted(JournalReader of, AtomicLong events) {
        return (JournalReader)
                Proxy.newProxyInstance(
                        JournalReader.class.getClassLoader(),
                        new Class<?>[] {JournalReader.class},
                        (_, method, arguments) -> {
                            var answer = method.invoke(of, arguments);
                            if (Set.of("read", "follow").contains(method.getName())) {
                                events.addAndGet(((List<?>) answer).size());
                            }
                            return answer;
                        });
    }
}

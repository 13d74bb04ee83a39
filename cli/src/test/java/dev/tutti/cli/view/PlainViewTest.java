package dev.tutti.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainViewTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PlainView view =
            new PlainView(new PrintStream(bytes, true, StandardCharsets.UTF_8), Screen.file(true));

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void each_change_is_a_line_with_its_time_and_its_word() {
        var story = new Story(List.of(Story.task("search"), Story.fanOut("read", "search")));
        show(story.begin("search", "librarian"));
        show(
                story.later(400)
                        .done(
                                "search",
                                Value.struct("passages", Value.array(Value.of(1), Value.of(2)))));
        story.tell(new Event.FannedOut("read", 2, 2)).begin("read[0]", "reader");
        show(story.ready("read[1]").assign("read[1]", "reader"));
        show(story.later(1_600).failed("read[1]", "429"));
        show(story.later(5_000).done("read[0]", Value.NULL));
        assertThat(lines())
                .containsExactly(
                        "2026-11-22T20:31:04Z running   search",
                        "2026-11-22T20:31:04Z succeeded search 0.4 s  2 passages  $0.01 · 1,000 tokens",
                        "2026-11-22T20:31:04Z running   read 0/2");
        show(story.ready("read[1]").assign("read[1]", "reader"));
        assertThat(lines())
                .last()
                .isEqualTo("2026-11-22T20:31:11Z running   read 1/2  $0.01 · 1,000 tokens");
    }

    @Test
    void a_fan_out_of_ten_thousand_is_told_in_few_lines() {
        var story = new Story(List.of(Story.task("search"), Story.fanOut("read", "search")));
        show(story.begin("search", "librarian").done("search", Value.array()));
        story.tell(new Event.FannedOut("read", 10_000, 10_000));
        for (int i = 0; i < 10_000; i++) {
            story.ready("read[" + i + "]");
        }
        for (int i = 0; i < 10_000; i++) {
            story.later(30).assign("read[" + i + "]", "reader").done("read[" + i + "]", Value.NULL);
            if (i % 3 == 0) {
                show(story);
            }
        }
        show(story.tell(new Event.Joined("read")));
        assertThat(lines())
                .hasSizeLessThan(50)
                .last()
                .asString()
                .contains("succeeded read", "10,000 of 10,000");
    }

    @Test
    void ten_thousand_tasks_of_a_plan_are_told_in_at_most_two_hundred_lines() {
        var plan = new ArrayList<Task>();
        plan.add(Story.task("t0"));
        for (int i = 1; i < 10_000; i++) {
            plan.add(Story.task("t" + i, "t" + (i - 1)));
        }
        var story = new Story(plan);
        for (int i = 0; i < 10_000; i++) {
            story.later(5).begin("t" + i, "worker");
            if (i < 500 || i % 10 == 0) {
                show(story);
            }
            story.done("t" + i, Value.NULL);
            if (i < 500 || i % 10 == 0) {
                show(story);
            }
        }
        view.end(
                story.tell(new Event.Ended(Status.SUCCEEDED, Value.NULL, null)).overview(),
                story.now());
        assertThat(lines()).hasSizeBetween(100, 200).last().asString().contains("of 10,000 tasks");
    }

    private void show(Story story) {
        view.show(story.overview(), Map.of(), story.now());
    }
}

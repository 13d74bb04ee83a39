package dev.tutti.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private LiveView view(int columns, int rows, boolean unicode) {
        return new LiveView(
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                new Screen(true, false, unicode, () -> new Screen.Size(columns, rows)));
    }

    private String written() {
        var text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    private static Story halfway() {
        var story =
                new Story(
                        List.of(
                                Story.task("search"),
                                Story.fanOut("summarize", "search"),
                                Story.task("check", "summarize"),
                                Story.task("answer", "check")));
        story.begin("search", "librarian").later(400);
        story.done(
                "search",
                Value.struct("passages", Value.array(Value.of(1), Value.of(2), Value.of(3))));
        story.tell(new Event.FannedOut("summarize", 4, 4));
        for (int i = 0; i < 4; i++) {
            story.begin("summarize[" + i + "]", "reader");
        }
        story.later(3_000).done("summarize[0]", Value.NULL).failed("summarize[1]", "429");
        return story.tell(
                new Event.TimerSet(
                        new Timer.RetryDue(TaskId.parse("summarize[1]")),
                        story.now().plusSeconds(4)));
    }

    @Test
    void finished_tasks_stay_above_a_small_block_that_is_redrawn() {
        var story = halfway();
        var view = view(120, 24, true);
        view.show(
                story.overview(), Map.of(TaskId.parse("summarize[2]"), "page 3 of 9"), story.now());
        assertThat(written())
                .isEqualTo(
                        """
                            planned  4 tasks, 1 fan-out
                          succeeded  search     librarian             0.4 s   3 passages
                        RULE
                            running  summarize  reader ×2         ▓▓▓░░░░░░░░░  1/4   0:03   1 retrying (429, in 4.0 s)   page 3 of 9
                            waiting  check      for summarize
                            waiting  answer     for check
                          28 %   $0.02 · 2,000 tokens   0:03 elapsed      Ctrl-C stops, nothing is lost
                        """
                                .replace("RULE", "─".repeat(119)));

        story.later(1_000).done("summarize[2]", Value.NULL);
        view.show(story.overview(), Map.of(), story.now());
        assertThat(written()).startsWith("\u001b[5A\r\u001b[J─").contains("2/4");
    }

    @Test
    void nothing_is_drawn_more_often_than_ten_times_a_second() {
        var story = halfway();
        var view = view(100, 24, true);
        view.show(story.overview(), Map.of(), story.now());
        assertThat(written()).isNotEmpty();
        story.later(50).done("summarize[2]", Value.NULL);
        view.show(story.overview(), Map.of(), story.now());
        assertThat(written()).isEmpty();
        story.later(50);
        view.show(story.overview(), Map.of(), story.now());
        assertThat(written()).contains("2/4");
    }

    @Test
    void the_block_is_never_taller_than_the_terminal_but_two_rows() {
        var plan = new ArrayList<Task>();
        for (int i = 0; i < 500; i++) {
            plan.add(Story.task("t" + i));
        }
        var story = new Story(plan);
        for (int i = 0; i < 50; i++) {
            story.begin("t" + i, "worker");
        }
        view(80, 12, true).show(story.overview(), Map.of(), story.now());
        var lines = written().lines().skip(1).toList();
        assertThat(lines).hasSize(10).anyMatch(line -> line.contains("and 493 more"));
        assertThat(lines).allMatch(line -> line.length() < 80);
    }

    @Test
    void an_ascii_terminal_gets_ascii() {
        var story = halfway();
        view(100, 24, false).show(story.overview(), Map.of(), story.now());
        assertThat(written())
                .contains("###.........", "x2", "---")
                .matches(text -> text.chars().allMatch(c -> c < 0x80));
    }
}

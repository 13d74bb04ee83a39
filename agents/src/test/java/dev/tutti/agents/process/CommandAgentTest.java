package dev.tutti.agents.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class CommandAgentTest {
    @TempDir Path folder;

    private final GivenAttempt nobody = new GivenAttempt(Value.Struct.EMPTY);
    private List<String> progress = nobody.progress;
    private AtomicInteger beats = nobody.beats;
    private String feedback = nobody.feedback;
    private Value.Struct input = nobody.input;

    private static Value.Struct shell(String script) {
        return Value.struct("command", Value.from(List.of("sh", "-c", script)));
    }

    private Outcome perform(Value.Struct settings) throws Exception {
        var attempt = new GivenAttempt(settings);
        attempt.feedback = feedback;
        attempt.input = input;
        progress = attempt.progress;
        beats = attempt.beats;
        return new CommandAgent(folder, List.of(), new Sandbox("bwrap")).perform(attempt);
    }

    private Value output(String script) throws Exception {
        return ((Outcome.Succeeded) perform(shell(script))).output();
    }

    private Failure failure(Value.Struct settings) throws Exception {
        return ((Outcome.Failed) perform(settings)).failure();
    }

    @Test
    void the_input_comes_as_json_and_json_is_the_output() throws Exception {
        assertThat(output("printf '{\"got\": %s}' \"$(cat)\""))
                .isEqualTo(Value.struct("got", Value.struct("x", Value.of(3))));
    }

    private static Value.Struct lines(String script) {
        return shell(script).with("output", Value.text("lines"));
    }

    @Test
    void lines_of_json_say_how_far_it_is_and_the_last_one_is_the_output() throws Exception {
        var script =
                """
                echo '{"progress": 0.4, "message": "reads"}'
                echo '{"message": "thinks"}'
                echo '{"progress": 1}'
                echo '{"type": "tool", "message": "of its own making"}'
                echo 'no JSON at all'
                echo
                printf '{"n": 1, "progress": 0.5}'
                """;
        assertThat(((Outcome.Succeeded) perform(lines(script))).output())
                .isEqualTo(Value.struct("n", Value.of(1), "progress", Value.from(0.5)));
        assertThat(progress).containsExactly("reads", "thinks", "");
        assertThat(beats).as("lines that say something else").hasValue(3);
    }

    @Test
    void a_last_line_that_is_no_result_is_rejected() throws Exception {
        assertThat(failure(lines("echo '{\"progress\": 1, \"message\": \"done\"}'")))
                .isEqualTo(
                        new Failure.Rejected(
                                "output",
                                "the last line that the command printed says how far it is, and not"
                                        + " its result"));
        for (var last : List.of("echo '{}'; echo done", "true", "echo '[1]'")) {
            assertThat(failure(lines(last)).message())
                    .startsWith("the last line that the command printed is not an object of JSON");
        }
    }

    @Test
    void many_lines_are_not_too_much_and_one_endless_line_is() throws Exception {
        var many = "yes '%s' | head -n 60000; echo '{\"n\": 2}'".formatted("x".repeat(99));
        assertThat(((Outcome.Succeeded) perform(lines(many))).output())
                .isEqualTo(Value.struct("n", Value.of(2)));
        assertThat(failure(lines("head -c 5000000 /dev/zero | tr '\\0' x")))
                .isEqualTo(
                        new Failure.Permanent(
                                "limit_exceeded",
                                "the command printed more than 4194304 bytes in one line"));
    }

    @Test
    void the_last_line_may_say_what_it_used() throws Exception {
        var said = "echo '{\"progress\": 0.5}'; echo '{\"n\": 1, \"usage\": {\"usd\": \"0.02\"}}'";
        assertThat(usage(lines(said).with("usage", Value.of(true)), "n"))
                .isEqualTo(new Usage(Money.of("0.02"), 0, 0));
    }

    @Test
    void what_a_command_says_that_it_used_is_counted_and_no_part_of_the_output() throws Exception {
        var said = "printf '{\"n\": 1, \"usage\": {\"usd\": \"0.0125\", \"input_tokens\": 7}}'";
        assertThat(usage(shell(said).with("usage", Value.of(true)), "n"))
                .isEqualTo(new Usage(Money.of("0.0125"), 7, 0));
        assertThat(usage(shell(said), "n", "usage")).isEqualTo(Usage.UNKNOWN);
        assertThat(usage(shell("echo '{}'").with("usage", Value.of(true))))
                .isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void a_command_that_fails_may_say_what_it_used_as_well() throws Exception {
        var fails = shell("echo '{\"usage\": {\"usd\": 2}}'; exit 3");
        assertThat(perform(fails.with("usage", Value.of(true))).usage())
                .isEqualTo(new Usage(Money.of("2"), 0, 0));
        assertThat(perform(fails).usage()).isEqualTo(Usage.UNKNOWN);
        var wrong = shell("echo '{\"usage\": {\"usd\": -2}}'").with("usage", Value.of(true));
        assertThat(failure(wrong).message()).contains("`usage.usd` is an amount");
    }

    /// What a command is charged for.
    ///
    /// @param fields of its output
    private Usage usage(Value.Struct settings, String... fields) throws Exception {
        var attempt = new GivenAttempt(settings);
        var outcome = new CommandAgent(folder, List.of(), new Sandbox("bwrap")).perform(attempt);
        assertThat(((Value.Struct) ((Outcome.Succeeded) outcome).output()).fields())
                .containsOnlyKeys(fields);
        return attempt.taken.getLast().usage();
    }

    @Test
    void what_is_not_json_is_a_text() throws Exception {
        assertThat(output("echo hello; echo there"))
                .isEqualTo(Value.struct("text", Value.text("hello\nthere")));
    }

    @Test
    void the_command_knows_its_attempt_and_why_the_one_before_was_not_good_enough()
            throws Exception {
        assertThat(output("echo $TUTTI_RUN $TUTTI_TASK $TUTTI_ATTEMPT $TUTTI_FEEDBACK"))
                .isEqualTo(Value.struct("text", Value.text("R1 t 2 too short")));
    }

    @Test
    void another_exit_code_is_a_failure_that_says_what_the_command_said_last() throws Exception {
        assertThat(failure(shell("echo first >&2; echo no space >&2; exit 3")))
                .isEqualTo(new Failure.Transient("exit_3", "first\nno space"));
        assertThat(progress).containsExactly("first", "no space");
    }

    @Test
    void a_verdict_is_an_answer_whatever_the_exit_code() throws Exception {
        var settings = shell("echo not a number >&2; exit 1").with("verdict", Value.of(true));
        assertThat(((Outcome.Succeeded) perform(settings)).output())
                .isEqualTo(
                        Value.struct(
                                "ok",
                                Value.of(false),
                                "reason",
                                Value.text("not a number"),
                                "exit",
                                Value.of(1)));
    }

    @Test
    void a_program_beside_the_team_file_is_found() throws Exception {
        var program = Files.writeString(folder.resolve("hello.sh"), "#!/bin/sh\necho from here\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        var outcome = perform(Value.struct("command", Value.from(List.of("./hello.sh"))));
        assertThat(((Outcome.Succeeded) outcome).output())
                .isEqualTo(Value.struct("text", Value.text("from here")));
    }

    @Test
    void what_cannot_be_started_is_refused_with_the_reason() {
        assertThatThrownBy(
                        () -> perform(Value.struct("command", Value.from(List.of("./nothing.sh")))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing.sh");
        assertThatThrownBy(() -> perform(Value.struct("command", Value.text("ls"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("list of texts");
    }

    @Test
    void output_without_end_is_cut_off() throws Exception {
        assertThat(failure(shell("yes")).code()).isEqualTo("limit_exceeded");
    }

    @Test
    void an_attempt_that_is_not_wanted_any_more_takes_its_whole_family_along() throws Exception {
        var pids = folder.resolve("pids");
        var thrown = new AtomicReference<Exception>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                perform(shell("sleep 600 & echo $! $$ > pids; echo up >&2; wait"));
                            } catch (Exception e) {
                                thrown.set(e);
                            }
                        });
        while (!Files.exists(pids) || Files.size(pids) == 0) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        for (var pid : Files.readString(pids).strip().split(" ", -1)) {
            awaitEnd(Long.parseLong(pid));
        }
    }

    @Test
    void what_a_command_leaves_in_the_background_neither_delays_its_attempt_nor_outlives_it()
            throws Exception {
        var begun = System.nanoTime();
        assertThat(output("sleep 600 & echo $! > pid; echo checked; sleep 0.3"))
                .isEqualTo(Value.struct("text", Value.text("checked")));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        awaitEnd(Long.parseLong(Files.readString(folder.resolve("pid")).strip()));
    }

    @Test
    void a_command_that_leaves_its_input_unread_to_others_ends_all_the_same() throws Exception {
        input = Value.struct("x", Value.text("long".repeat(100_000)));
        assertThat(output("sleep 5 <&0 & echo checked; sleep 0.3"))
                .isEqualTo(Value.struct("text", Value.text("checked")));
    }

    @Test
    void feedback_of_any_length_and_kind_reaches_the_command() throws Exception {
        feedback = "a\0b" + "\uD83D\uDE00".repeat(200_000);
        var told = (Value.Struct) output("echo $TUTTI_FEEDBACK");
        var seen = told.get("text") instanceof Value.Text(var text) ? text : "";
        assertThat(seen).startsWith("ab").hasSizeBetween(1_000, 3 * CommandAgent.MOST_FEEDBACK);
    }

    @Test
    void many_silent_commands_leave_threads_to_everybody_else() throws Exception {
        int many = 160;
        var before = ProcessHandle.current().children().toList();
        var attempts = new ArrayList<Thread>();
        try {
            for (int i = 0; i < many; i++) {
                attempts.add(
                        Thread.ofVirtual()
                                .start(() ->
                                        assertThatThrownBy(() -> perform(sleeping()))
                                                .isInstanceOf(InterruptedException.class)));
            }
            var other = Thread.ofVirtual().unstarted(() -> {});
            while (ProcessHandle.current().children().count() < before.size() + many) {
                Thread.sleep(20);
            }
            Thread.sleep(500);
            other.start();
            assertThat(other.join(Duration.ofSeconds(10))).isTrue();
            attempts.forEach(Thread::interrupt);
            for (var attempt : attempts) {
                assertThat(attempt.join(Duration.ofSeconds(10))).isTrue();
            }
        } finally {
            ProcessHandle.current()
                    .children()
                    .filter(child -> !before.contains(child))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static Value.Struct sleeping() {
        return Value.struct("command", Value.from(List.of("sleep", "600")));
    }

    private static void awaitEnd(long pid) throws InterruptedException {
        for (int i = 0; i < 200 && runs(pid); i++) {
            Thread.sleep(5);
        }
        assertThat(runs(pid)).as("process " + pid + " runs").isFalse();
    }

    /// A process that has ended and that nobody has asked after has no command any more.
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
    }
}

package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
    @TempDir Path folder;
    private Console console = new Console(Path.of(""));

    @BeforeEach
    void console() {
        console = new Console(folder);
    }

    @Test
    void the_first_minute_works_as_init_says() {
        assertThat(console.run("init").out()).isEqualTo("team.yaml\n");
        assertThat(console.run("validate", "team.yaml").out()).startsWith("sound: 1 workflow");
        var said = console.run("run", "team.yaml", "--input", "question=What now?");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("You asked: What now?", "[1] journal.md");
        assertThat(said.err()).contains("succeeded search", "succeeded  in");
    }

    @Test
    void the_result_is_on_standard_output_and_nothing_else() {
        console.write("team.yaml", Teams.fanOut("1ms"));
        var said = console.run("run", "team.yaml#answer", "--input", "question=why");
        assertThat(said.out()).isEqualTo("all of it [1]\n\n[1] a.md\n    “it is so”\n");
        assertThat(said.err()).startsWith("run 01");
    }

    @Test
    void what_another_run_gave_stands_in_for_the_work_of_tasks() {
        console.write("team.yaml", Teams.fanOut("1ms"));
        var first = console.run("run", "team.yaml", "--input", "question=why");
        var run = first.err().lines().findFirst().orElseThrow().split(" +", -1)[1];
        console.write("answer.json", "{\"text\": \"by hand\", \"citations\": []}");
        var said =
                console.run(
                        "run",
                        "team.yaml",
                        "--input",
                        "question=why",
                        "--stand-in-from",
                        run + ":search,read",
                        "--stand-in",
                        "answer=@answer.json",
                        "--json");
        assertThat(said.code()).as(said.err()).isZero();
        var document = (Value.Struct) Json.parse(said.out());
        assertThat(document.get("cost").toString()).contains("usd=Int[value=0]");
        assertThat(document.get("tasks").toString()).contains("stand_in", run);
        var id = ((Value.Text) document.get("run")).value();
        assertThat(console.run("show", id).out())
                .containsPattern("succeeded +read ×\\? +stands in, from run " + run)
                .contains("stands in, as given");
        var wrong =
                console.run(
                        "run",
                        "team.yaml",
                        "--input",
                        "question=why",
                        "--stand-in",
                        "raed=[]",
                        "--stand-in",
                        "answer=1");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("E-STAND-01", "write `read`");
    }

    @Test
    void one_json_document_and_nothing_else_is_printed_for_programs() {
        console.write("team.yaml", Teams.fanOut("1ms"));
        var said = console.run("run", "team.yaml", "--input", "question=why", "--json");
        assertThat(said.err()).isEmpty();
        var document = (Value.Struct) Json.parse(said.out());
        assertThat(document.get("status")).isEqualTo(Value.text("succeeded"));
        assertThat(document.get("cost"))
                .isEqualTo(
                        Value.struct(
                                "usd",
                                new Value.Real(0.006),
                                "input_tokens",
                                Value.of(60),
                                "output_tokens",
                                Value.of(30)));
    }

    @Test
    void a_run_that_failed_says_why_and_how_to_go_on() {
        console.write("team.yaml", Teams.failing());
        var said = console.run("run", "team.yaml");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .contains("failed  after", "[simulated]", "begin again:  tutti run team.yaml");
        var shown = console.run(command(said.err(), "See why:  (tutti show \\w+)"));
        assertThat(shown.code()).isZero();
        assertThat(shown.out()).contains("failed", "first", "not run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inner", "outer"})
    void a_run_that_waits_for_people_itself_or_below_says_how_far_it_is(String workflow) {
        console.write("team.yaml", Teams.asking());
        var said = console.run("run", "team.yaml#" + workflow);
        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err())
                .containsPattern(
                        "\n   waiting: 0 of 2 tasks finished · go on with: tutti recover \\w+\n");
    }

    @Test
    void ctrl_c_stops_cleanly_and_the_printed_command_goes_on()
            throws InterruptedException, ExecutionException {
        console.write("team.yaml", Teams.fanOut("150ms"));
        var running =
                CompletableFuture.supplyAsync(
                        () -> console.run("run", "team.yaml", "--input", "question=why"));
        while (!console.soFar().contains("running   read") && !running.isDone()) {
            Thread.onSpinWait();
        }
        console.interrupt();
        var stopped = running.get();
        assertThat(stopped.code()).isEqualTo(130);
        assertThat(stopped.out()).isEmpty();
        assertThat(stopped.err())
                .containsPattern("stopped after \\d of 8 · go on with: tutti recover");

        var shown = console.run(command(stopped.err(), "go on with: (tutti recover \\w+)"));
        assertThat(shown.code()).isZero();
        assertThat(shown.err()).containsPattern("reused [1-7] tasks?");
        assertThat(shown.out()).startsWith("all of it");
    }

    @Test
    void recover_without_a_run_goes_on_with_all_and_prints_a_list() {
        console.write("team.yaml", Teams.fanOut("1ms"));
        console.run("run", "team.yaml", "--input", "question=why");
        var said = console.run("recover", "--json");
        assertThat(said.code()).isZero();
        assertThat(Json.parse(said.out())).isEqualTo(Value.array());
        assertThat(console.run("recover").err()).contains("nothing to recover");
    }

    @Test
    void the_workflow_may_be_left_out_only_if_there_is_one() {
        console.write(
                "team.yaml",
                Teams.failing()
                        + Teams.failing()
                                .lines()
                                .skip(4)
                                .reduce("", (a, b) -> a + b + "\n")
                                .replace("hopeless", "other"));
        var said = console.run("run", "team.yaml");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("write one of team.yaml#hopeless, team.yaml#other");
        assertThat(console.run("run", "team.yaml#nope").err()).contains("no workflow `nope`");
    }

    @Test
    void every_error_of_the_file_is_shown_at_its_place() {
        console.write(
                "team.yaml", Teams.fanOut("1ms").replace("${search.items}", "${serach.items}"));
        var said = console.run("run", "team.yaml", "--input", "question=why");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err())
                .contains("error[E-REF-02]", "team.yaml:11:", "^^^^^^", "Nothing was started");
        assertThat(console.run("runs").err()).contains("no run in");
    }

    @Test
    void inputs_that_do_not_fit_are_all_named() {
        console.write("team.yaml", Teams.fanOut("1ms"));
        var said = console.run("run", "team.yaml", "--input", "qestion=why");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("input `question` is missing", "write `question`");
    }

    @Test
    void what_nobody_here_can_do_is_not_begun() {
        var team = Teams.fanOut("1ms");
        console.write("team.yaml", team.replace("uses: simulated", "uses: simulate"));
        var said = console.run("run", "team.yaml", "--input", "question=why");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("E-USES-01", "did you mean `simulated`?");
        assertThat(console.run("runs").err()).contains("no run in");
        var checked = console.run("validate", "team.yaml");
        assertThat(checked.code()).isZero();
        assertThat(checked.err()).contains("warning[W-USES-01]", "team.yaml:");
    }

    @Test
    void what_is_for_workers_is_said_while_it_waits() throws Exception {
        var team = Teams.fanOut("1ms");
        console.write(
                "team.yaml",
                team.replace("skills: [write], uses: simulated", "skills: [write], uses: worker"));
        var running =
                CompletableFuture.supplyAsync(
                        () -> console.run("run", "team.yaml", "--input", "question=why"));
        while (!console.soFar().contains("succeeded read") && !running.isDone()) {
            Thread.onSpinWait();
        }
        console.interrupt();
        assertThat(running.get().err())
                .contains("for workers, who pull it from `tutti serve` on this store: answer");
    }

    /// The words of a command as it was printed.
    private static String[] command(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        var words = matcher.group(1).split(" ", -1);
        return java.util.Arrays.copyOfRange(words, 1, words.length);
    }
}

package dev.tutti.agents.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that a command leaves are artifacts, and nothing else becomes one.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class KeptFilesTest {
    @TempDir Path folder;

    private static GivenAttempt keeping(String script, String... patterns) {
        return new GivenAttempt(
                Value.struct(
                        "command",
                        Value.from(List.of("sh", "-c", script)),
                        "workspace",
                        Value.text("fresh"),
                        "keep",
                        Value.from(List.of(patterns))));
    }

    private Outcome perform(GivenAttempt attempt) throws Exception {
        return new CommandAgent(folder, List.of(), new Sandbox("bwrap")).perform(attempt);
    }

    private Failure failure(GivenAttempt attempt) throws Exception {
        return ((Outcome.Failed) perform(attempt)).failure();
    }

    @Test
    void files_that_are_named_are_artifacts_of_the_result() throws Exception {
        var attempt =
                keeping(
                        "echo one > report.md; mkdir -p out/deep; echo two > out/deep/x.json; echo no > other",
                        "*.md",
                        "out/**");
        var output = ((Outcome.Succeeded) perform(attempt)).output();
        assertThat(output)
                .isEqualTo(
                        Value.struct(
                                "text",
                                Value.text(""),
                                "files",
                                Value.array(
                                        file("out/deep/x.json", "hash0", "application/json"),
                                        file("report.md", "hash1", "text/markdown"))));
        assertThat(attempt.artifacts.get("hash0"))
                .isEqualTo("two\n".getBytes(StandardCharsets.UTF_8));
    }

    private static Value.Struct file(String name, String artifact, String type) {
        return Value.struct(
                "name",
                Value.text(name),
                "artifact",
                Value.text(artifact),
                "bytes",
                Value.of(4),
                "type",
                Value.text(type));
    }

    @Test
    void links_pipes_and_devices_are_passed_over() throws Exception {
        var attempt =
                keeping(
                        "ln -s /etc/passwd link; ln -s /etc folder; ln -s /dev/zero zero; mkfifo pipe; echo x > file",
                        "**");
        perform(attempt);
        assertThat(attempt.labels).containsExactly("file");
    }

    @Test
    void a_link_in_the_way_leads_nowhere() throws Exception {
        var attempt = keeping("ln -s /etc out; echo x > file", "out/**", "out/passwd");
        perform(attempt);
        assertThat(attempt.labels).isEmpty();
    }

    @Test
    void names_are_labels_and_never_ways() throws Exception {
        var attempt =
                keeping(
                        "touch ..%2f..%2fetc%2fpasswd '..\\..\\x' 'C:\\x' \"$(printf 'x\\342\\200\\256gpj.exe')\" con emoji😀 ...",
                        "**");
        perform(attempt);
        assertThat(attempt.labels)
                .hasSize(7)
                .contains("con", "emoji😀", ".._.._x", "C__x", "..%2f..%2fetc%2fpasswd")
                .allSatisfy(
                        label -> assertThat(label).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\\\:/]"));
    }

    @Test
    void more_than_is_kept_is_a_failure_that_says_so() throws Exception {
        assertThat(failure(keeping("for i in $(seq 101); do touch $i; done", "*")).message())
                .contains("more than 100 files");
        assertThat(failure(keeping("truncate -s 100G big", "*")).code())
                .isEqualTo("limit_exceeded");
    }

    @Test
    void a_result_on_record_is_not_made_again_and_keeps_its_files() throws Exception {
        var attempt = keeping("touch " + folder + "/ran; exit 1", "*");
        var record =
                Value.struct("files", Value.array(file("report.md", "hash0", "text/markdown")));
        attempt.artifacts.put("hash0", new byte[] {1});
        attempt.onRecord = Attempt.Taken.free(record);
        assertThat(((Outcome.Succeeded) perform(attempt)).output()).isEqualTo(record);
        assertThat(folder.resolve("ran")).doesNotExist();
        assertThat(attempt.labels).containsExactly("report.md");
    }
}

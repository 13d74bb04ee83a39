package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.testkit.FakeReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files of the input are given to the model, or it is told of them.
@Timeout(30)
class FilesTest {
    private final Provided at;
    private final List<Value> files = new ArrayList<>();

    FilesTest(@TempDir Path store) throws IOException {
        at = new Provided(store);
        file("report.pdf", "application/pdf");
        file("call.mp3", "audio/mpeg");
        file("walk.mp4", "video/mp4");
        file("all.zip", "application/zip");
        file("notes.txt", "text/plain");
        at.trial.input =
                Value.struct(
                        "ask", Value.text("What is in them?"), "files", new Value.Array(files));
    }

    @AfterEach
    void end() {
        at.close();
    }

    private void file(String name, String type) {
        var content = ("content of " + name).getBytes(StandardCharsets.UTF_8);
        at.trial.artifacts.put("hash-" + name, content);
        files.add(
                Value.struct(
                        "artifact", Value.text("hash-" + name),
                        "media_type", Value.text(type),
                        "name", Value.text(name)));
    }

    private String asked() {
        return Json.text(at.server.requests().getLast());
    }

    @Test
    void a_model_is_given_what_it_takes_and_is_told_of_the_rest_in_words() throws Exception {
        at.trial.with("model", List.of(at.model("m", Map.of("files", List.of("pdf", "audio")))));
        at.outcome(FakeReply.text("Much.").usage(10, 2));
        assertThat(asked())
                .contains("\"type\":\"file\"", "\"type\":\"input_audio\"", "\"format\":\"mp3\"")
                .contains("content of notes.txt")
                .contains(
                        "\\\"walk.mp4\\\", video/mp4, 19 bytes",
                        "\\\"all.zip\\\", application/zip, 18 bytes")
                .doesNotContain("\\\"report.pdf\\\", application");
        assertThat(at.trial.last("not_given")).contains("walk.mp4").doesNotContain("report.pdf");
    }

    @Test
    void of_a_place_that_only_speaks_like_openai_no_more_than_images_is_taken_for_granted()
            throws Exception {
        at.outcome(FakeReply.text("I see names only.").usage(10, 2));
        assertThat(asked())
                .contains("report.pdf", "call.mp3", "walk.mp4", "all.zip", "not given")
                .doesNotContain("\"type\":\"file\"", "input_audio");
        assertThat(at.trial.last("not_given")).contains("report.pdf", "call.mp3", "walk.mp4");
    }

    @Test
    void the_model_that_stands_in_is_given_what_it_takes_itself() throws Exception {
        at.trial.with(
                "model",
                List.of(
                        at.model("first", Map.of("retries", 0)),
                        at.model("second", Map.of("files", List.of("pdf")))));
        at.outcome(FakeReply.error(503, "down"), FakeReply.text("A report.").usage(10, 2));
        assertThat(asked()).contains("\"type\":\"file\"");
        assertThat(at.trial.last("not_given")).contains("call.mp3").doesNotContain("report.pdf");
    }
}

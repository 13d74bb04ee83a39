package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Media;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The artifacts in a task's input: images, PDFs, sound and video, which a model is given where it
/// takes them; texts, which are put after the input; and all others, of which it is told that they
/// are there. An artifact is an object with its hash under `artifact` and its kind under
/// `media_type`.
///
/// @param texts ready to be said
record Attachments(List<Message.Attached> files, String texts) {
    private static final int MOST = 20;
    private static final int MOST_BYTES = 20 << 20;

    /// Characters of a text; the rest is cut off, and that is said.
    private static final int LONGEST_TEXT = 200_000;

    /// Loads them.
    ///
    /// @throws IllegalArgumentException when there are too many, or they are too large
    static Attachments of(Attempt attempt) throws IOException {
        var found = new ArrayList<Value.Struct>();
        find(attempt.input(), found);
        if (found.size() > MOST) {
            throw new IllegalArgumentException(
                    "the input has "
                            + found.size()
                            + " files; a model is given "
                            + MOST
                            + " at most");
        }
        var files = new ArrayList<Message.Attached>();
        var texts = new StringBuilder();
        long bytes = 0;
        for (var artifact : found) {
            var kind = kind(artifact);
            if (Media.of(kind) == Media.OTHER && !isText(kind)) {
                texts.append(Wording.unreadable(name(artifact), kind, size(artifact, attempt)));
                continue;
            }
            var content = attempt.load(artifact.text("artifact"));
            bytes += content.length;
            if (bytes > MOST_BYTES) {
                throw new IllegalArgumentException(
                        "the files of the input have more than " + (MOST_BYTES >> 20) + " MiB");
            }
            if (isText(kind)) {
                texts.append(Wording.file(artifact, shortened(content)));
            } else {
                files.add(
                        new Message.Attached(
                                artifact.text("artifact"),
                                Base64.getEncoder().encodeToString(content),
                                kind,
                                name(artifact),
                                content.length));
            }
        }
        return new Attachments(files, texts.toString());
    }

    private static long size(Value.Struct artifact, Attempt attempt) throws IOException {
        return artifact.get("bytes") instanceof Value.Int(var bytes)
                ? bytes
                : attempt.load(artifact.text("artifact")).length;
    }

    private static String name(Value.Struct artifact) {
        return artifact.get("name") instanceof Value.Text(var name)
                ? name
                : artifact.text("artifact");
    }

    private static String shortened(byte[] content) {
        var text = new String(content, StandardCharsets.UTF_8);
        return text.length() <= LONGEST_TEXT
                ? text
                : text.substring(0, LONGEST_TEXT)
                        + "\n… ("
                        + (text.length() - LONGEST_TEXT)
                        + " characters more, cut off)";
    }

    private static void find(Value value, List<Value.Struct> found) {
        switch (value) {
            case Value.Struct struct
                    when struct.get("artifact") instanceof Value.Text && !kind(struct).isEmpty() ->
                    found.add(struct);
            case Value.Struct(var fields) -> fields.values().forEach(field -> find(field, found));
            case Value.Array(var items) -> items.forEach(item -> find(item, found));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> {}
        }
    }

    private static boolean isText(String kind) {
        return kind.startsWith("text/") || kind.startsWith("application/json");
    }

    /// Tools write `type` for what inputs call `media_type`.
    private static String kind(Value.Struct artifact) {
        for (var key : List.of("media_type", "type")) {
            if (artifact.get(key) instanceof Value.Text(var kind)) {
                return kind;
            }
        }
        return "";
    }
}

package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Message;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The images in a task's input, for models that can see. An artifact is an object with its hash
/// under `artifact` and its kind under `media_type`.
final class Attachments {
    private static final int MOST = 20;
    private static final int MOST_BYTES = 20 << 20;

    private Attachments() {}

    /// @throws IllegalArgumentException when there are too many, or they are too large
    static List<Message.Picture> of(Attempt attempt) throws IOException {
        var found = new ArrayList<Value.Struct>();
        find(attempt.input(), found);
        if (found.size() > MOST) {
            throw new IllegalArgumentException(
                    "the input has "
                            + found.size()
                            + " images; a model is shown "
                            + MOST
                            + " at most");
        }
        var pictures = new ArrayList<Message.Picture>();
        long bytes = 0;
        for (var artifact : found) {
            var content = attempt.load(artifact.text("artifact"));
            bytes += content.length;
            if (bytes > MOST_BYTES) {
                throw new IllegalArgumentException(
                        "the images of the input have more than " + (MOST_BYTES >> 20) + " MiB");
            }
            pictures.add(
                    new Message.Picture(
                            artifact.text("artifact"),
                            Base64.getEncoder().encodeToString(content),
                            kind(artifact)));
        }
        return pictures;
    }

    private static void find(Value value, List<Value.Struct> found) {
        switch (value) {
            case Value.Struct struct
                    when struct.get("artifact") instanceof Value.Text
                            && kind(struct).startsWith("image/") ->
                    found.add(struct);
            case Value.Struct(var fields) -> fields.values().forEach(field -> find(field, found));
            case Value.Array(var items) -> items.forEach(item -> find(item, found));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> {}
        }
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

package dev.tutti.server.view;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// The beginning of what an agent stored, for people who look. It is told by the bytes what it is:
/// agents may call a page with a script whatever they like.
///
/// @param kind `json`, `markdown`, `text`, `image`, or `none` where there is nothing to read
/// @param content the value, the text, or null
/// @param cut whether there is more
public record Preview(String kind, Value content, boolean cut, Event.ArtifactStored stored) {
    /// So many bytes are shown of a text.
    public static final int MOST = 64 << 10;

    /// A longer picture is not shown.
    public static final int MOST_PICTURE = 8 << 20;

    private static final int SIGNATURE = 12;

    /// What is shown of an artifact.
    ///
    /// @param bytes the beginning of it, one byte more than is shown at least
    public static Preview of(Event.ArtifactStored stored, byte[] bytes) {
        if (picture(bytes).isPresent() && stored.size() <= MOST_PICTURE) {
            return new Preview("image", Value.NULL, false, stored);
        }
        var type = stored.mediaType().toLowerCase(Locale.ROOT);
        if (bytes.length <= MOST && (type.contains("json") || stored.name().endsWith(".json"))) {
            try {
                return new Preview("json", Json.parse(bytes), false, stored);
            } catch (JsonException _) {
                // Then it is a text, if anything.
            }
        }
        var text = text(bytes);
        if (text.isEmpty()) {
            return new Preview("none", Value.NULL, false, stored);
        }
        boolean markdown = type.contains("markdown") || stored.name().endsWith(".md");
        return new Preview(
                markdown ? "markdown" : "text",
                Value.text(text.get()),
                bytes.length > MOST,
                stored);
    }

    /// The beginning of a text in UTF-8; nothing where it is none.
    private static Optional<String> text(byte[] bytes) {
        int length = Math.min(bytes.length, MOST);
        // A character that is cut in two is left out whole.
        while (length < bytes.length && length > 0 && (bytes[length] & 0xC0) == 0x80) {
            length--;
        }
        try {
            var text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, 0, length))
                            .toString();
            return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /// The type of a picture that browsers show and that cannot have a script, by its first bytes.
    public static Optional<String> picture(byte[] bytes) {
        if (bytes.length > MOST_PICTURE || bytes.length < SIGNATURE) {
            return Optional.empty();
        }
        var first = HexFormat.of().formatHex(Arrays.copyOf(bytes, SIGNATURE));
        if (first.startsWith("89504e470d0a1a0a")) {
            return Optional.of("image/png");
        }
        if (first.startsWith("ffd8ff")) {
            return Optional.of("image/jpeg");
        }
        if (first.startsWith("474946383761") || first.startsWith("474946383961")) {
            return Optional.of("image/gif");
        }
        return first.startsWith("52494646") && first.endsWith("57454250")
                ? Optional.of("image/webp")
                : Optional.empty();
    }

    public Value.Struct document() {
        return Value.struct(
                "name",
                Value.text(stored.name()),
                "media_type",
                Value.text(stored.mediaType()),
                "size",
                Value.of(stored.size()),
                "kind",
                Value.text(kind),
                "content",
                content,
                "cut",
                Value.of(cut));
    }
}

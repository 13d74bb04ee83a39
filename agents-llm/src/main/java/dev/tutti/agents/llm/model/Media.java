package dev.tutti.agents.llm.model;

import dev.tutti.core.event.Value;
import java.util.Set;

/// Which files a model can be given besides words: what its provider is known to take, or what the
/// team file says under `files`.
public enum Media {
    IMAGE,
    PDF,
    AUDIO,
    VIDEO,
    OTHER;

    /// The kind of a media type.
    public static Media of(String mediaType) {
        return mediaType.startsWith("image/")
                ? IMAGE
                : mediaType.startsWith("application/pdf")
                        ? PDF
                        : mediaType.startsWith("audio/")
                                ? AUDIO
                                : mediaType.startsWith("video/") ? VIDEO : OTHER;
    }

    /// As team files write it.
    public String word() {
        return switch (this) {
            case IMAGE -> "image";
            case PDF -> "pdf";
            case AUDIO -> "audio";
            case VIDEO -> "video";
            case OTHER -> "other";
        };
    }

    /// Whether a model takes files of this kind. Of places that only speak like OpenAI no more is
    /// taken for granted than images.
    public boolean isTakenBy(ModelSettings model) {
        if (model.all().get("files") instanceof Value.Array(var words)) {
            return words.contains(Value.text(word()));
        }
        var known =
                switch (model.provider()) {
                    case "openai" ->
                            model.baseUrl() == null ? Set.of(IMAGE, PDF, AUDIO) : Set.of(IMAGE);
                    case "anthropic" -> Set.of(IMAGE, PDF);
                    case "gemini" -> Set.of(IMAGE, PDF, AUDIO, VIDEO);
                    default -> Set.of(IMAGE);
                };
        return known.contains(this);
    }
}

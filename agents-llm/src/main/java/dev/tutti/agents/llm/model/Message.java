package dev.tutti.agents.llm.model;

import java.util.List;

/// One part of a conversation.
public sealed interface Message {

    /// What holds for all of it.
    record Instructions(String text) implements Message {}

    /// What is asked.
    record Asked(String text, List<Attached> files) implements Message {
        public Asked {
            files = List.copyOf(files);
        }

        public Asked(String text) {
            this(text, List.of());
        }
    }

    /// What the model said.
    record Said(String text, List<Call> calls) implements Message {
        public Said {
            calls = List.copyOf(calls);
        }
    }

    /// What a call gave.
    record Given(String call, String tool, String text) implements Message {}

    /// A file that is no text: an image, a PDF, sound or video, in Base64.
    ///
    /// @param hash of its content
    /// @param name what the model may call it
    /// @param bytes of its content
    record Attached(String hash, String base64, String mediaType, String name, long bytes) {}

    /// A tool that the model wants called.
    ///
    /// @param arguments as the model wrote them: JSON, if it did well
    record Call(String id, String name, String arguments) {}
}

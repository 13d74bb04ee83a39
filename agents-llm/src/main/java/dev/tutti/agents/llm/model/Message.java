package dev.tutti.agents.llm.model;

import java.util.List;

/// One part of a conversation.
public sealed interface Message {

    /// What holds for all of it.
    record Instructions(String text) implements Message {}

    /// What is asked.
    record Asked(String text, List<Picture> pictures) implements Message {
        public Asked {
            pictures = List.copyOf(pictures);
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

    /// An image, in Base64, and the hash of it.
    record Picture(String hash, String base64, String mediaType) {}

    /// A tool that the model wants called.
    ///
    /// @param arguments as the model wrote them: JSON, if it did well
    record Call(String id, String name, String arguments) {}
}

package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.ModelSettings;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.Optional;

/// A conversation as steps on record hold it: without keys, and without what others on record say.
final class Transcript {
    private Transcript() {}

    /// What was asked of which model.
    static Value.Struct model(ModelSettings model) {
        var described =
                Value.struct(
                        "provider", Value.text(model.provider()),
                        "model", Value.text(model.model()));
        if (model.baseUrl() != null) {
            described = described.with("base_url", Value.text(model.baseUrl()));
        }
        if (model.temperature() != null) {
            described = described.with("temperature", new Value.Real(model.temperature()));
        }
        if (model.maxTokens() != null) {
            described = described.with("max_tokens", Value.of(model.maxTokens()));
        }
        return described;
    }

    /// A message, unless it is the model's own.
    static Optional<Value> of(Message message) {
        return switch (message) {
            case Message.Instructions(var text) -> Optional.of(said("system", text));
            case Message.Asked(var text, var files) -> {
                var asked = said("user", text);
                var hashes = new ArrayList<Value>();
                files.forEach(file -> hashes.add(Value.text(file.hash())));
                yield Optional.of(
                        hashes.isEmpty()
                                ? asked
                                : asked.with("artifacts", new Value.Array(hashes)));
            }
            case Message.Given(var call, var tool, var text) ->
                    Optional.of(
                            said("tool", text)
                                    .with("tool", Value.text(tool))
                                    .with("call", Value.text(call)));
            case Message.Said _ -> Optional.empty();
        };
    }

    private static Value.Struct said(String role, String text) {
        return Value.struct("role", Value.text(role), "text", Value.text(text));
    }
}

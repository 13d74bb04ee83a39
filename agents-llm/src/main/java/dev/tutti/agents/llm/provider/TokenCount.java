package dev.tutti.agents.llm.provider;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.Prompt;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.agents.llm.model.Tokens;
import dev.tutti.runtime.json.Json;

/// Estimates tokens by the encoding of OpenAI's newer models, for providers that do not count. For
/// others' models it is off by a tenth or two.
public final class TokenCount {
    /// What a message costs beyond its text.
    private static final int AROUND_A_MESSAGE = 4;

    /// Beyond that, characters are counted: encoding takes time that grows faster than the text.
    private static final int LONGEST = 200_000;

    private static final int CHARACTERS_OF_A_TOKEN = 4;

    private TokenCount() {}

    /// Made once: an encoding takes a tenth of a second.
    private static final class Known {
        private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();
        private static final Encoding ENCODING = REGISTRY.getEncoding(EncodingType.O200K_BASE);
    }

    /// What a call cost.
    public static Tokens of(Prompt prompt, Reply reply) {
        return new Tokens(of(prompt), 0, of(reply.text()) + calls(reply));
    }

    private static long calls(Reply reply) {
        return reply.calls().stream()
                .mapToLong(call -> of(call.name()) + of(call.arguments()))
                .sum();
    }

    /// What a model is given to read.
    public static long of(Prompt prompt) {
        long tokens = 0;
        for (var message : prompt.messages()) {
            tokens += AROUND_A_MESSAGE + of(message);
        }
        for (var tool : prompt.tools()) {
            tokens += of(tool.name()) + of(tool.text()) + of(Json.text(tool.input()));
        }
        return tokens;
    }

    private static long of(Message message) {
        return switch (message) {
            case Message.Instructions(var text) -> of(text);
            case Message.Asked(var text, _) -> of(text);
            case Message.Given(_, _, var text) -> of(text);
            case Message.Said(var text, var calls) ->
                    of(text)
                            + calls.stream()
                                    .mapToLong(call -> of(call.name()) + of(call.arguments()))
                                    .sum();
        };
    }

    /// The tokens of a text.
    public static long of(String text) {
        return text.length() > LONGEST
                ? text.length() / CHARACTERS_OF_A_TOKEN
                : Known.ENCODING.countTokensOrdinary(text);
    }
}

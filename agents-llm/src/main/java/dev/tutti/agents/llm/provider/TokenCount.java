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
    private static final long MOST_BYTES_OF_A_CHARACTER = 3;

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

    /// Whether what a model is given to read is more than so many tokens. Counts only where the
    /// length alone does not settle it, since no token has less than a byte.
    public static boolean isMore(Prompt prompt, long most) {
        return most < Integer.MAX_VALUE
                && MOST_BYTES_OF_A_CHARACTER * characters(prompt) > most
                && of(prompt) > most;
    }

    private static long characters(Prompt prompt) {
        long characters = 0;
        for (var message : prompt.messages()) {
            characters += AROUND_A_MESSAGE + length(message);
        }
        for (var tool : prompt.tools()) {
            characters +=
                    tool.name().length() + tool.text().length() + Json.text(tool.input()).length();
        }
        return characters;
    }

    private static long length(Message message) {
        return switch (message) {
            case Message.Instructions(var text) -> text.length();
            case Message.Asked(var text, _) -> text.length();
            case Message.Given(_, _, var text) -> text.length();
            case Message.Said(var text, var calls) ->
                    text.length()
                            + calls.stream()
                                    .mapToLong(call ->
                                            call.name().length() + call.arguments().length())
                                    .sum();
        };
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

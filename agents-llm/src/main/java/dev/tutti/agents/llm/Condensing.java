package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Message;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Context;
import dev.tutti.runtime.agent.Attempt;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Notes for which there is no room, made shorter by the model that is to work with them.
final class Condensing {
    /// The field of the input that holds what it made of them.
    static final String FIELD = "notes_in_short";

    /// With less room than this nothing worth a call can be said.
    private static final int LEAST_TOKENS = 20;

    /// The most characters that the model is given to make shorter.
    private static final int MOST_CHARACTERS = 200_000;

    private static final Pattern SENTENCE = Pattern.compile("[^.!?\n]*[.!?\n]+\\s*|[^.!?\n]+$");

    private Condensing() {}

    /// Calls the model.
    interface Asking {
        /// What it says; empty where nothing can be made of it.
        String ask(List<Message> messages) throws Exception;
    }

    /// The input with what the model made of the notes that do not fit, or as it is.
    static Value.Struct into(Value.Struct input, Attempt attempt, Asking asking) throws Exception {
        var excess = attempt.excess();
        int room = excess.tokens() - Context.tokens(Value.struct(FIELD, Value.text("")));
        if (room < LEAST_TOKENS) {
            return input;
        }
        var notes = new StringBuilder();
        for (var key : excess.keys()) {
            var text = Wording.note(key, attempt.readNote(key).value());
            if (notes.length() + text.length() <= MOST_CHARACTERS) {
                notes.append(text);
            }
        }
        var said =
                asking.ask(
                        List.of(
                                new Message.Instructions(Wording.condensing(room)),
                                new Message.Asked(
                                        Wording.task(input, attempt.edit(), Optional.empty())
                                                + "\n\n"
                                                + notes,
                                        List.of())));
        var fitted = fitted(said.strip(), room);
        return fitted.isEmpty() ? input : input.with(Value.struct(FIELD, Value.text(fitted)));
    }

    /// As many whole sentences of it as there is room for: a model counts badly.
    private static String fitted(String said, int room) {
        if (Context.tokens(Value.text(said)) <= room) {
            return said;
        }
        var fitted = new StringBuilder();
        for (var sentence = SENTENCE.matcher(said); sentence.find(); ) {
            int end = fitted.length();
            fitted.append(sentence.group());
            if (Context.tokens(Value.text(fitted.toString())) > room) {
                fitted.setLength(end);
                break;
            }
        }
        return fitted.toString().strip();
    }
}

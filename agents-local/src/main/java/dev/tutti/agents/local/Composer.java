package dev.tutti.agents.local;

import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Composes an answer only of sentences that notes contain, with their sources.
///
/// Setting: `sentences`, the most to take. Takes `question` and `notes` (each with `note` or
/// `sentences`, `source`, `place`, `title`; nulls are passed over); gives `text`, in which `[1]` is
/// the first of `sources`, and a citation for each sentence and note that supports it.
final class Composer implements AgentExecutor {
    static final List<String> SETTINGS = List.of("sentences");
    private static final int DEFAULT_SENTENCES = 6;
    private static final int MOST_SENTENCES = 100;
    private static final int MOST_NOTES = 10_000;

    Composer(AgentSettings settings) {
        Settings.require(settings.agent().settings(), settings.uses(), SETTINGS);
    }

    @Override
    public Outcome perform(Attempt attempt) {
        int most =
                Settings.count(attempt.settings(), "sentences", DEFAULT_SENTENCES, MOST_SENTENCES);
        var question = Settings.text(attempt.input(), "question", "");
        var notes = notes(attempt.input().get("notes"));
        var answer = Answer.of(Question.of(question), notes, most);
        var citations = new ArrayList<Value>();
        for (var sentence : answer.sentences()) {
            for (var support : sentence.support()) {
                citations.add(
                        Value.struct(
                                "sentence",
                                Value.text(support.sentence()),
                                "source",
                                Value.text(support.source()),
                                "place",
                                Value.text(support.place())));
            }
        }
        return Outcome.succeeded(
                Value.struct(
                        "text",
                        Value.text(answer.text()),
                        "citations",
                        new Value.Array(citations),
                        "sources",
                        Value.from(answer.sources())));
    }

    private static List<Answer.Note> notes(@Nullable Value given) {
        if (given == null || given instanceof Value.Null) {
            return List.of();
        }
        if (!(given instanceof Value.Array(var items)) || items.size() > MOST_NOTES) {
            throw new IllegalArgumentException(
                    "`notes` is to be a list of up to " + MOST_NOTES + " notes");
        }
        var notes = new ArrayList<Answer.Note>();
        for (int i = 0; i < items.size(); i++) {
            note(items.get(i), i + 1).ifPresent(notes::add);
        }
        return notes;
    }

    private static Optional<Answer.Note> note(Value given, int number) {
        return switch (given) {
            case Value.Null _ -> Optional.empty();
            case Value.Text(var text) ->
                    Optional.of(new Answer.Note(Sentences.of(text), "note " + number, "", "", 1));
            case Value.Struct note -> {
                var source = Settings.text(note, "source", "");
                yield Optional.of(
                        new Answer.Note(
                                sentences(note),
                                source.isEmpty() ? "note " + number : source,
                                Settings.text(note, "place", ""),
                                Settings.text(note, "title", ""),
                                Settings.share(note, "relevance", 1)));
            }
            case Value.Bool _, Value.Int _, Value.Real _, Value.Array _ ->
                    throw new IllegalArgumentException(
                            "`notes["
                                    + (number - 1)
                                    + "]` is to be an object, not a "
                                    + Value.shape(given));
        };
    }

    private static List<String> sentences(Value.Struct note) {
        if (!(note.get("sentences") instanceof Value.Array(var items))) {
            return Sentences.of(Settings.text(note, "note", Settings.text(note, "text", "")));
        }
        var sentences = new ArrayList<String>();
        for (var item : items) {
            var text =
                    switch (item) {
                        case Value.Text(var plain) -> plain;
                        case Value.Struct scored -> Settings.text(scored, "text", "");
                        default -> "";
                    };
            if (!text.isBlank()) {
                sentences.add(text.strip());
            }
        }
        return sentences;
    }
}

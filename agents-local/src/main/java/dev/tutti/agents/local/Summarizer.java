package dev.tutti.agents.local;

import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import java.util.List;

/// Sums a text up in sentences of its own, those that bear on a question if there is one.
///
/// Setting: `sentences`, the most to take. Takes `text` with `source`, `place`, `title` and
/// `query`, or a `passage` that has the first four; gives `note`, `sentences` and `relevance`, and
/// hands on where they are from. The same input always gives the same output.
final class Summarizer implements AgentExecutor {
    static final List<String> SETTINGS = List.of("sentences");
    private static final int DEFAULT_SENTENCES = 3;
    private static final int MOST_SENTENCES = 100;

    /// The characters of a text that are read.
    private static final int LONGEST_TEXT = 1_000_000;

    Summarizer(AgentSettings settings) {
        Settings.require(settings.agent().settings(), settings.uses(), SETTINGS);
    }

    @Override
    public Outcome perform(Attempt attempt) {
        int most =
                Settings.count(attempt.settings(), "sentences", DEFAULT_SENTENCES, MOST_SENTENCES);
        var input = attempt.input();
        var from = input.get("passage") instanceof Value.Struct passage ? passage : input;
        if (from.get("text") == null) {
            throw new IllegalArgumentException(
                    "a text to sum up is missing: give `text`, or `passage` with a `text`");
        }
        var text = Settings.text(from, "text", "");
        var title = Settings.text(from, "title", Settings.text(input, "title", ""));
        var query = Settings.text(input, "query", Settings.text(input, "question", ""));
        var summary =
                Summary.of(
                        text.substring(0, Math.min(text.length(), LONGEST_TEXT)),
                        title,
                        Question.of(query),
                        most);
        var sentences = summary.sentences();
        return Outcome.succeeded(
                Value.struct(
                        "note",
                        Value.text(
                                String.join(
                                        " ",
                                        sentences.stream().map(Summary.Scored::text).toList())),
                        "source",
                        Value.text(Settings.text(from, "source", "")),
                        "place",
                        Value.text(Settings.text(from, "place", "")),
                        "title",
                        Value.text(title),
                        "sentences",
                        new Value.Array(sentences.stream().map(Summarizer::value).toList()),
                        "relevance",
                        Settings.rounded(summary.relevance())));
    }

    private static Value value(Summary.Scored sentence) {
        return Value.struct(
                "text", Value.text(sentence.text()), "score", Settings.rounded(sentence.score()));
    }
}

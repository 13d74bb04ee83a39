package dev.tutti.agents.local;

import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Experience;
import dev.tutti.core.synthesis.Given;
import dev.tutti.core.synthesis.Likeness;
import dev.tutti.core.synthesis.Resolving;
import dev.tutti.core.synthesis.Synthesis;
import dev.tutti.runtime.agent.AgentExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A script that gives some agents passages that say something false.
///
/// Each question asks for a year. Every agent reads a passage of its own, in words of its own, with
/// sentences around it that do not matter; the agent is `local/summarizer`, and its answer is the
/// year in what it noted.
final class Poison {
    /// Below this confidence an answer is escalated.
    static final double BELOW = 0.7;

    private static final Pattern YEAR = Pattern.compile("\\b1[789]\\d\\d\\b");

    private static final List<String> THINGS =
            List.of("bridge", "lighthouse", "station", "library", "theatre", "mill", "harbour");
    private static final List<String> PLACES =
            List.of("Arden", "Bellow", "Corvale", "Dunmere", "Elsworth", "Farrow", "Glenport");
    private static final List<String> WORDINGS =
            List.of(
                    "The %s of %s was opened in %d after long works.",
                    "In %3$d the %1$s of %2$s was opened to everyone.",
                    "It was in %3$d that %2$s opened its %1$s.",
                    "Records say the %s of %s opened in %d.",
                    "The opening of the %s of %s took place in %d.");

    /// What the poisoned passages say.
    enum Lies {
        APART("each another"),
        AGREED("the same, from sources of their own"),
        COPIED("the same, copied from one source");

        private final String words;

        Lies(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /// @param accuracy of all answers
    /// @param dissent the share of answers that came with a dissent
    /// @param flagged the share that was not sure enough
    /// @param rest the accuracy of those that were
    record Result(double accuracy, double dissent, double flagged, double rest) {}

    private final int agents;
    private final int questions;
    private final AgentExecutor reader;
    private final Map<String, Integer> read = new LinkedHashMap<>();

    Poison(int agents, int questions) {
        this.agents = agents;
        this.questions = questions;
        reader = Attempts.executor("local/summarizer", Value.struct(), Path.of("."), Path.of("."));
    }

    /// Asks all questions.
    ///
    /// @param poisoned how many agents, the same ones each time
    /// @param weighted whether the vote is by what the questions before taught
    Result ask(int poisoned, Lies lies, boolean weighted) throws Exception {
        double right = 0;
        double dissent = 0;
        double flagged = 0;
        double rest = 0;
        var known = Experience.NONE;
        for (int question = 0; question < questions; question++) {
            var answers = new ArrayList<Given>();
            for (int agent = 0; agent < agents; agent++) {
                boolean lied = agent < poisoned;
                answers.add(given(question, agent, lied ? lies : null));
            }
            Synthesis made =
                    weighted
                            ? Resolving.weightedVote(answers, Likeness.NORMALISED, known)
                            : Resolving.vote(answers, Likeness.NORMALISED);
            known = Resolving.learned(answers, Likeness.NORMALISED, known, null);
            boolean good = made.answers().getFirst().answer().equals(Value.of(year(question)));
            boolean flag = made.confidence() < BELOW;
            right += good ? 1 : 0;
            dissent += made.dissent().isEmpty() ? 0 : 1;
            flagged += flag ? 1 : 0;
            rest += good && !flag ? 1 : 0;
        }
        return new Result(
                right / questions,
                dissent / questions,
                flagged / questions,
                flagged == questions ? 1 : rest / (questions - flagged));
    }

    private static int year(int question) {
        return 1700 + question * 37 % 250;
    }

    private Given given(int question, int agent, @Nullable Lies lies) throws Exception {
        int said = year(question);
        var source = "source " + agent + " on " + question;
        if (lies != null) {
            said += lies == Lies.APART ? 3 + 2 * agent : 5;
            source = lies == Lies.COPIED ? "wire on " + question : source;
        }
        var output =
                Value.struct(
                        "answer",
                        Value.of(read(question, agent, said)),
                        "sources",
                        Value.from(List.of(source)));
        return Given.of("agent" + agent, output);
    }

    private int read(int question, int agent, int said) throws Exception {
        var thing = THINGS.get(question % THINGS.size());
        var place = PLACES.get(question / THINGS.size() % PLACES.size());
        var passage =
                "Many visitors come in summer. "
                        + String.format(
                                Locale.ROOT,
                                WORDINGS.get(agent % WORDINGS.size()),
                                thing,
                                place,
                                said)
                        + " Repairs were paid for by the town. Its keeper wrote a diary in 1999.";
        var known = read.get(passage);
        if (known != null) {
            return known;
        }
        var query = "When was the " + thing + " of " + place + " opened?";
        var note =
                Attempts.output(
                        reader,
                        Value.struct(),
                        Value.struct("query", Value.text(query), "text", Value.text(passage)));
        var matcher = YEAR.matcher(Attempts.text(note, "note"));
        if (!matcher.find()) {
            throw new AssertionError("no year in " + note);
        }
        int year = Integer.parseInt(matcher.group());
        read.put(passage, year);
        return year;
    }
}

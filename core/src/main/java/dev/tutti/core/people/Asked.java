package dev.tutti.core.people;

import dev.tutti.core.event.Question;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An open question: who has it now, and what was answered so far.
///
/// @param token the attempt that the answer is the result of, or 0
/// @param rung the place of the one who is asked now
/// @param votes the answers so far, of which none has decided
public record Asked(Question question, long token, int rung, List<Vote> votes) {
    public Asked {
        votes = List.copyOf(votes);
    }

    /// One person's answer.
    public record Vote(String by, Value answer, String comment) {}

    public static Asked of(Question question, long token) {
        return new Asked(question, token, 0, List.of());
    }

    public Asked handedOn(int next) {
        return new Asked(question, token, next, votes);
    }

    public Asked with(Vote vote) {
        var all = new ArrayList<>(votes);
        all.add(vote);
        return new Asked(question, token, rung, all);
    }

    /// Who is asked now.
    public Question.Rung now() {
        return question.ask().get(rung);
    }

    /// Whether another is asked when this one's time is over.
    public boolean hasNext() {
        return rung + 1 < question.ask().size();
    }

    /// What `vote` decides together with the earlier ones, or empty when more must answer. One
    /// denial denies; anything else needs as many equal answers as the quorum says.
    public Optional<Value> decidedBy(Vote vote) {
        if (vote.answer() instanceof Value.Text(var word) && word.equals(Question.DENY)) {
            return Optional.of(vote.answer());
        }
        long equal = votes.stream().filter(one -> one.answer().equals(vote.answer())).count() + 1;
        return equal >= question.quorum() ? Optional.of(vote.answer()) : Optional.empty();
    }

    /// Why `by` may not give `answer`, or empty.
    ///
    /// @param requester who began the run
    public Optional<String> refusal(String by, Value answer, String requester) {
        if (question.fourEyes() && by.equals(requester)) {
            return Optional.of(
                    "`" + by + "` began this run, and four eyes are wanted: someone else answers");
        }
        if (votes.stream().anyMatch(vote -> vote.by().equals(by))) {
            return Optional.of("`" + by + "` has answered already; another must agree");
        }
        if (!question.choices().isEmpty()
                && !(answer instanceof Value.Text(var word) && question.choices().contains(word))) {
            return Optional.of("the answer is one of " + String.join(", ", question.choices()));
        }
        return Optional.empty();
    }
}

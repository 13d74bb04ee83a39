package dev.tutti.runtime.step;

import dev.tutti.core.event.Usage;
import dev.tutti.runtime.agent.Attempt.Step;
import dev.tutti.runtime.agent.Attempt.Taken;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of attempts that go on from one another, in order, and how far the latest of them has
/// come. Not safe for concurrent use.
public final class Conversation {
    private static final int PAGE = 500;

    private final StreamId stream;
    private final List<StepTaken> steps = new ArrayList<>();
    private final Map<Long, Usage> spent = new HashMap<>();
    private long head;
    private int at;

    private Conversation(StreamId stream) {
        this.stream = stream;
    }

    /// Reads what is on record.
    ///
    /// @param run the stream of the run
    /// @param since the token of the first of the attempts
    public static Conversation read(JournalReader journal, StreamId run, long since) {
        var conversation = new Conversation(StreamId.attempt(run, since));
        for (var page = journal.read(conversation.stream, 0, PAGE);
                !page.isEmpty();
                page = journal.read(conversation.stream, conversation.head, PAGE)) {
            page.forEach(entry -> conversation.add(StepTaken.of(entry)));
        }
        return conversation;
    }

    public StreamId stream() {
        return stream;
    }

    /// How many entries the stream has.
    public long head() {
        return head;
    }

    /// What the steps of an attempt used up.
    public Usage spent(long token) {
        return spent.getOrDefault(token, Usage.NONE);
    }

    /// What all steps used up, those that do not hold any more included.
    public Usage spent() {
        return spent.values().stream().reduce(Usage.NONE, Usage::plus);
    }

    /// The steps that hold, in order.
    public List<StepTaken> steps() {
        return List.copyOf(steps);
    }

    /// What the next step gave, if it was taken before. One that is not the step on record has to
    /// be taken, and so has every one after it.
    public Optional<Taken> recall(Step step) {
        if (at < steps.size() && steps.get(at).answers(step)) {
            return Optional.of(steps.get(at++).taken());
        }
        return Optional.empty();
    }

    /// The number of the next step.
    public int next() {
        return at + 1;
    }

    /// The next step, now that it was taken; to be kept, and then [#add]ed.
    public StepTaken took(long token, Step step, Taken taken) {
        return new StepTaken(at + 1, token, step, taken);
    }

    /// A step is on record.
    public void add(StepTaken step) {
        while (steps.size() >= step.number()) {
            steps.removeLast();
        }
        steps.add(step);
        spent.merge(step.token(), step.taken().usage(), Usage::plus);
        head++;
    }

    /// Adds a step that the attempt at work took.
    public void keep(StepTaken step) {
        add(step);
        at = step.number();
    }
}

package dev.tutti.simulation;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.step.StepTaken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// I2, of steps: one that is on record is not taken again by an attempt that goes on from it, and
/// an attempt goes on from the one before if that got no result. I8, of steps: what each used up is
/// accounted for by the attempt that took it, once.
final class StepsCheck {
    private final Map<StreamId, Books> runs = new HashMap<>();
    private final Map<StreamId, List<StepTaken>> streams = new HashMap<>();
    private final List<Violation> found = new ArrayList<>();

    /// The books on one run.
    private static final class Books {
        /// The attempt that a task's next one goes on from, and who made the latest.
        private final Map<TaskId, Chain> chains = new HashMap<>();

        private final Map<Long, Long> since = new HashMap<>();
        private final Map<Long, Usage> spent = new HashMap<>();
        private final Map<TaskId, Value.Struct> inputs = new HashMap<>();
    }

    private record Chain(long since, AgentId agent) {}

    /// An entry of a stream of steps.
    void see(Entry entry) {
        var step = StepTaken.of(entry);
        var of = entry.stream().attempt();
        var books = runs.computeIfAbsent(of.run(), _ -> new Books());
        Long since = books.since.get(step.token());
        if (since == null || since != of.token()) {
            report(
                    "I2",
                    entry,
                    "attempt " + step.token() + " goes on from " + of.token() + ", not " + since);
        }
        books.spent.merge(step.token(), step.taken().usage(), Usage::plus);
        var steps = streams.computeIfAbsent(entry.stream(), _ -> new ArrayList<>());
        if (step.number() > steps.size() + 1) {
            report("I4", entry, "step " + step.number() + " follows step " + steps.size());
            return;
        }
        if (step.number() <= steps.size()
                && steps.get(step.number() - 1).step().equals(step.step())) {
            report("I2", entry, "step " + step.number() + " is taken though it is on record");
        }
        steps.subList(step.number() - 1, steps.size()).clear();
        steps.add(step);
    }

    /// A step of a run's own journal.
    void see(Step step) {
        var books = runs.computeIfAbsent(step.entry().stream(), _ -> new Books());
        if (step.event() instanceof Event.Assigned e) {
            assigned(books, e);
        } else if (step.event() instanceof Event.AttemptEnded e) {
            charged(books, step, e.token(), e.usage());
            if (!goesOn(e.failure())) {
                books.chains.remove(e.task());
            }
        } else if (step.event() instanceof Event.PlanProposed e) {
            charged(books, step, e.token(), e.usage());
            books.spent.replace(e.token(), Usage.NONE);
        } else if (step.event() instanceof Event.ResultProposed e) {
            charged(books, step, e.token(), e.usage());
            books.chains.remove(e.task());
        } else if (step.event() instanceof Event.ResultAccepted e) {
            charged(books, step, e.token(), e.usage());
            books.chains.remove(e.task());
        } else if (step.event() instanceof Event.Iterated e) {
            charged(books, step, e.token(), e.usage());
            books.chains.remove(e.task());
        } else if (step.event() instanceof Event.HandedOver e) {
            charged(books, step, e.token(), e.usage());
            books.chains.remove(e.task());
        } else if (step.event() instanceof Event.Rerouted e) {
            books.chains.remove(e.task());
        } else if (step.event() instanceof Event.TaskReady e) {
            books.inputs.put(e.task(), e.input());
        } else if (step.event() instanceof Event.TaskHeld e) {
            books.inputs.put(e.task(), e.input());
        } else if (step.event() instanceof Event.InputGiven e) {
            if (!e.input().equals(books.inputs.put(e.task(), e.input()))) {
                books.chains.remove(e.task());
            }
        } else if (step.event() instanceof Event.TasksReset e) {
            books.chains.keySet().removeIf(task -> e.tasks().contains(task.name()));
        }
    }

    private static void assigned(Books books, Event.Assigned e) {
        var chain = books.chains.get(e.task());
        if (chain == null || !chain.agent().equals(e.agent())) {
            chain = new Chain(e.token(), e.agent());
        }
        books.chains.put(e.task(), chain);
        books.since.put(e.token(), chain.since());
    }

    private static boolean goesOn(Failure failure) {
        return failure instanceof Failure.Crashed
                || failure instanceof Failure.Transient
                || failure instanceof Failure.Interrupted
                || failure instanceof Failure.TimedOut
                || failure instanceof Failure.Suspended;
    }

    /// Executors that take steps report nothing else here, so what is charged is what steps used.
    private void charged(Books books, Step step, long token, Usage usage) {
        var spent = books.spent.get(token);
        if (spent != null && !Spend.of(usage).equals(Spend.of(spent))) {
            report(
                    "I8",
                    step.entry(),
                    "attempt " + token + " is charged " + usage + ", its steps used " + spent);
        }
    }

    private void report(String invariant, Entry entry, String sentence) {
        found.add(new Violation(invariant, entry.stream(), entry.sequence(), sentence));
    }

    List<Violation> found() {
        return found;
    }
}

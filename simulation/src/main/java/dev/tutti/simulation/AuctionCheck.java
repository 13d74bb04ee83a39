package dev.tutti.simulation;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I26: what agents give away among themselves goes to one of them, and by the rules. A task is
/// awarded at most once a round, to one who bid in that round, in time, and at most the reserve; no
/// bid counts that came late, twice or for another round; a claim counts only while nobody has the
/// task; rounds rise by one. That every announced task ends is I13's.
final class AuctionCheck extends Check {
    private final Map<TaskId, Round> rounds = new LinkedHashMap<>();
    private final Map<Long, Instant> deadlines = new HashMap<>();
    private final Set<Long> over = new HashSet<>();
    private Instant pausedAt = Instant.MAX;

    /// The latest round of a task.
    private static final class Round {
        private final Event.Announced announced;
        private final Map<AgentId, Money> bids = new HashMap<>();
        private final Set<AgentId> replied = new HashSet<>();
        private @Nullable AgentId claimed;
        private boolean copied;
        private boolean closed;

        /// Whether the task is ready again and was not announced: someone else gives it away.
        private boolean left;

        private Round(Event.Announced announced) {
            this.announced = announced;
        }
    }

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.Announced e -> announced(step, e);
            case Event.BidPlaced e -> {
                var round = reply(step, e.task(), e.round(), e.agent());
                if (round != null) {
                    round.bids.put(e.agent(), e.bid().price());
                }
            }
            case Event.BidDeclined e -> reply(step, e.task(), e.round(), e.agent());
            case Event.TaskClaimed e -> claimed(step, e);
            case Event.Assigned e -> given(step, e.task(), e.agent());
            case Event.ChildStarted e -> given(step, e.task(), e.agent());
            case Event.TimerFired(Timer.BidsDue(var batch)) -> over.add(batch);
            case Event.TaskReady e -> {
                var round = rounds.get(e.task());
                if (round != null) {
                    round.left = true;
                }
            }
            case Event.TaskHeld e -> close(e.task());
            case Event.InputGiven e -> close(e.task());
            case Event.BudgetShort e -> close(e.task());
            case Event.TaskSkipped e -> close(e.task());
            case Event.TaskFailed e -> close(e.task());
            case Event.OutputGiven e -> close(e.task());
            case Event.TasksReset e ->
                    rounds.keySet().removeIf(task -> e.tasks().contains(task.name()));
            case Event.Paused e -> pausedAt = e.at();
            case Event.Resumed e -> resumed(e.paused());
            default -> {}
        }
    }

    private void resumed(Duration paused) {
        pausedAt = Instant.MAX;
        deadlines.replaceAll((_, deadline) -> deadline.plus(paused));
    }

    private void announced(Step step, Event.Announced e) {
        var before = rounds.get(e.task());
        if (before != null && e.round() != before.announced.round() + 1) {
            report(
                    "I26",
                    step,
                    "round "
                            + e.round()
                            + " of "
                            + e.task()
                            + " follows round "
                            + before.announced.round());
        }
        rounds.put(e.task(), new Round(e));
        if (e.deadline() != null) {
            deadlines.put(e.batch(), e.deadline());
        }
    }

    private @Nullable Round reply(Step step, TaskId task, int number, AgentId agent) {
        var round = rounds.get(task);
        if (round == null || round.announced.round() != number || round.closed) {
            report("I26", step, agent + " bids in a round of " + task + " that is over");
            return null;
        }
        if (!round.replied.add(agent)) {
            report("I26", step, agent + " answers twice in a round of " + task);
        }
        var deadline = deadlines.get(round.announced.batch());
        boolean paused = !pausedAt.equals(Instant.MAX);
        if (over.contains(round.announced.batch())
                || deadline == null
                || (!step.copied()
                        && !paused
                        && !step.at().isBefore(deadline.truncatedTo(ChronoUnit.MICROS)))) {
            report("I26", step, agent + " bids for " + task + " after the deadline");
        }
        return round;
    }

    private void claimed(Step step, Event.TaskClaimed e) {
        var round = rounds.get(e.task());
        if (round == null
                || round.closed
                || round.announced.deadline() != null
                || round.announced.round() != e.round()
                || (round.claimed != null && !round.copied)) {
            report("I26", step, e.agent() + " claims " + e.task() + ", which is not to be claimed");
            return;
        }
        round.claimed = e.agent();
        round.copied = step.copied();
    }

    private void given(Step step, TaskId task, @Nullable AgentId agent) {
        var round = rounds.get(task);
        if (round == null || agent == null || (round.left && !isByAgents(step))) {
            return;
        }
        if (round.closed) {
            report("I26", step, task + " is awarded twice in a round");
            return;
        }
        round.closed = true;
        if (round.announced.deadline() == null) {
            if (!agent.equals(round.claimed)) {
                report("I26", step, task + " goes to " + agent + ", who did not claim it");
            }
            return;
        }
        var price = round.bids.get(agent);
        var reserve = round.announced.reserve();
        if (price == null) {
            report("I26", step, task + " is awarded to " + agent + ", who did not bid in time");
        } else if (reserve != null && price.compareTo(reserve) > 0) {
            report("I26", step, task + " is awarded above its reserve of $" + reserve);
        }
        if (!over.contains(round.announced.batch())
                && round.replied.size() < round.announced.invited()) {
            report("I26", step, task + " is awarded before its round is over");
        }
    }

    /// Whether the agents gave it away, as the journal says who did.
    private static boolean isByAgents(Step step) {
        return step.entry().event().actor().equals("agents");
    }

    private void close(TaskId task) {
        var round = rounds.get(task);
        if (round != null) {
            round.closed = true;
        }
    }
}

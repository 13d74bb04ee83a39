package dev.tutti.core.history;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Contribution.Means;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A run told task by task: what each was given, by whom it was done, what it came to, and which
/// events say so. Of a task that was begun anew only the last time counts.
public final class Chronicle {
    private final Map<String, Task> plan = new LinkedHashMap<>();
    private final Map<String, Long> plannedAt = new LinkedHashMap<>();
    private final Map<TaskId, Account> accounts = new LinkedHashMap<>();
    private final Map<String, Fan> fans = new LinkedHashMap<>();
    private final Map<Long, TaskId> questions = new LinkedHashMap<>();
    private Event.@Nullable RunStarted start;
    private Status status = Status.RUNNING;
    private Value output = Value.NULL;
    private Usage usage = Usage.NONE;
    private Duration took = Duration.ZERO;
    private long events;
    private long endedAt;

    /// A fan-out.
    ///
    /// @param width how many items it has
    /// @param at the event that said so
    /// @param joinedAt the event that handed its results on, 0 before
    public record Fan(int width, long at, long joinedAt) {}

    private Chronicle() {}

    /// Tells a run.
    ///
    /// @param run its events from the first on
    public static Chronicle of(List<Moment> run) {
        var chronicle = new Chronicle();
        run.forEach(chronicle::see);
        if (!run.isEmpty()) {
            chronicle.took = Duration.between(run.getFirst().at(), run.getLast().at());
        }
        return chronicle;
    }

    // ---- what is known

    /// What was asked.
    ///
    /// @throws IllegalStateException when the run has no beginning
    public Event.RunStarted start() {
        if (start == null) {
            throw new IllegalStateException("the run has not started");
        }
        return start;
    }

    /// The tasks of the plan as last declared, in its order.
    public Collection<Task> plan() {
        return Collections.unmodifiableCollection(plan.values());
    }

    /// The declaration of a task, or null when the plan has none of that name.
    public @Nullable Task declaration(String name) {
        return plan.get(name);
    }

    /// The event that put the declaration into the plan.
    public long plannedAt(String name) {
        return plannedAt.getOrDefault(name, 0L);
    }

    /// The tasks that have begun or are over, fan-out items each, in the order in which they came
    /// up.
    public Collection<Account> accounts() {
        return Collections.unmodifiableCollection(accounts.values());
    }

    public Optional<Account> account(TaskId task) {
        return Optional.ofNullable(accounts.get(task));
    }

    /// The fan-out of a task, or null when it did not fan out.
    public @Nullable Fan fan(String name) {
        return fans.get(name);
    }

    /// The items of a fan-out that have a result, in the order of the list that others saw.
    public List<Account> joined(String name) {
        var items = new ArrayList<Account>();
        var fan = fans.get(name);
        for (int i = 0; fan != null && i < fan.width(); i++) {
            var account = accounts.get(new TaskId(name, i));
            var result = account == null ? null : account.result();
            if (account != null
                    && result != null
                    && result.means() != Means.SKIPPED
                    && (fan.joinedAt() == 0 || result.at() < fan.joinedAt())) {
                items.add(account);
            }
        }
        return items;
    }

    public Status status() {
        return status;
    }

    /// Of the run, once it has ended.
    public Value output() {
        return output;
    }

    public Usage usage() {
        return usage;
    }

    /// From the first event to the last.
    public Duration took() {
        return took;
    }

    public long events() {
        return events;
    }

    /// The event that ended the run, 0 while there is none.
    public long endedAt() {
        return endedAt;
    }

    // ---- what is seen

    private void see(Moment moment) {
        events++;
        long at = moment.sequence();
        switch (moment.event()) {
            case Event.RunStarted e -> start = e;
            case Event.PlanAmended e -> e.tasks().forEach(task -> declare(task, at));
            case Event.TaskRevised e -> declare(e.task(), at);
            case Event.TasksReset e -> {
                accounts.keySet().removeIf(id -> e.tasks().contains(id.name()));
                e.tasks().forEach(fans::remove);
            }
            case Event.FannedOut e -> fans.put(e.task(), new Fan(e.width(), at, 0));
            case Event.Joined e ->
                    fans.computeIfPresent(e.task(), (_, fan) -> new Fan(fan.width(), fan.at(), at));
            case Event.TaskHeld e -> entry(e.task()).input(e.input(), at);
            case Event.TaskReady e -> entry(e.task()).input(e.input(), at);
            case Event.InputGiven e -> entry(e.task()).inputByPerson(e.input(), at);
            case Event.Assigned e -> entry(e.task()).assigned(e.agent(), at);
            case Event.ChildStarted e -> entry(e.task()).waitsFor(Means.CHILD, at);
            case Event.Awaited e -> entry(e.task()).waitsFor(Means.MESSAGE, at);
            case Event.QuestionAsked e -> {
                var task = e.question().task();
                if (task != null && e.token() != 0) {
                    questions.put(e.question().id(), task);
                }
            }
            case Event.QuestionClosed e -> {
                var task = questions.remove(e.question());
                if (task != null) {
                    entry(task).waitsFor(Means.PERSON, at);
                }
            }
            case Event.AttemptEnded e -> {
                usage = usage.plus(e.usage());
                entry(e.task()).attemptEnded(e);
            }
            case Event.PlanProposed e -> usage = usage.plus(e.usage());
            case Event.ResultProposed e -> {
                usage = usage.plus(e.usage());
                entry(e.task()).proposed(e.output());
            }
            case Event.HandedOver e -> {
                usage = usage.plus(e.usage());
                entry(e.task()).handedOver();
            }
            case Event.Iterated e -> {
                usage = usage.plus(e.usage());
                entry(e.task()).iterated(e.output(), at);
            }
            case Event.ResultAccepted e -> {
                usage = usage.plus(e.usage());
                entry(e.task()).accepted(e.output(), at);
            }
            case Event.OutputGiven e -> entry(e.task()).given(e.output(), at);
            case Event.TaskSkipped e -> entry(e.task()).ended(Means.SKIPPED, at);
            case Event.TaskFailed e -> entry(e.task()).ended(Means.FAILED, at);
            case Event.Ended e -> {
                status = e.status();
                output = e.output();
                endedAt = at;
            }
            case Event.Intervened _,
                    Event.Paused _,
                    Event.Resumed _,
                    Event.Stalled _,
                    Event.Closing _,
                    Event.Refused _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Rerouted _,
                    Event.ErrandsAwaited _,
                    Event.BudgetShort _,
                    Event.TooDear _,
                    Event.BudgetAlarm _,
                    Event.PartReturned _,
                    Event.BudgetRaised _,
                    Event.Settled _,
                    Event.EffectIntended _,
                    Event.EffectRecorded _,
                    Event.EffectWithdrawn _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.QuestionHandedOn _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.QuestionReminded _,
                    Event.QuestionAnswered _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ -> {}
        }
    }

    private void declare(Task task, long at) {
        plan.put(task.name(), task);
        plannedAt.put(task.name(), at);
    }

    private Account entry(TaskId task) {
        var known = accounts.get(task);
        if (known == null) {
            known = new Account(task, gates(plan.get(task.name())));
            accounts.put(task, known);
        }
        return known;
    }

    private static List<String> gates(@Nullable Task task) {
        var gates = new ArrayList<String>();
        if (task != null && !task.policy().gate().accept().isEmpty()) {
            gates.add("accept");
        }
        if (task != null && task.policy().gate().verify() != null) {
            gates.add("verify");
        }
        return gates;
    }
}

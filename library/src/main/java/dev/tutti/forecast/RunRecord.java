package dev.tutti.forecast;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Moment;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.run.RunState;
import dev.tutti.core.synthesis.Given;
import dev.tutti.core.synthesis.Likeness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one run has on record that bears on others of the same workflow.
///
/// @param start what was asked
/// @param attempts those that say something of their agent, in the order of their ends
/// @param judged results that passed the gate of their task, or did not
/// @param votes on the results of replicas
/// @param widths how many items each fan-out had
/// @param needs how many of them had to be done
/// @param ran whether a task with a condition ran
/// @param answers what people decided, by what they were asked for
/// @param messages how long messages were waited for, by task; null where none came in time
/// @param planning what its planner did, or null where nobody planned it
/// @param makespan from the first event to the end
/// @param usd what it cost
/// @param status how it ended
record RunRecord(
        Event.RunStarted start,
        List<Attempt> attempts,
        List<Judged> judged,
        List<Vote> votes,
        Map<String, Integer> widths,
        Map<String, Integer> needs,
        Map<String, Boolean> ran,
        List<Answer> answers,
        Map<String, Duration> messages,
        @Nullable Planning planning,
        Instant startedAt,
        Duration makespan,
        double usd,
        Status status) {

    /// An attempt of an agent.
    ///
    /// @param look whether it was a second look at another's result
    record Attempt(String task, boolean look, AgentId agent, Attempted attempted) {}

    /// A result of an agent before the gate of its task.
    ///
    /// @param usd what the attempt cost that gave it
    record Judged(String task, AgentId agent, boolean passed, double usd) {}

    /// The answers of a task's replicas.
    ///
    /// @param groups by replica, from 0: those with one number gave the same answer
    record Vote(String task, List<Integer> groups) {}

    /// A person's decision.
    ///
    /// @param task empty for the run as a whole
    record Answer(String task, Question.Purpose purpose, Duration after, Value answer) {}

    /// What the planner of a run did.
    ///
    /// @param first its first plan
    /// @param alone whether it was asked once, and nobody else amended the plan
    /// @param usd what it cost
    /// @param time from the beginning of the run until the plan was there
    record Planning(AgentId planner, Amendment first, boolean alone, double usd, Duration time) {}

    /// Reads a run that has ended.
    static RunRecord of(List<Moment> run) {
        var reading = new Reading();
        run.forEach(reading::see);
        return reading.record(run);
    }

    private static final class Reading {
        private static final String WORKFLOW = "workflow";

        private RunState state = RunState.EMPTY;
        private final List<Attempt> attempts = new ArrayList<>();
        private final List<Judged> judged = new ArrayList<>();
        private final List<Vote> votes = new ArrayList<>();
        private final Map<TaskId, Judged> proposed = new HashMap<>();
        private final Map<String, Integer> widths = new LinkedHashMap<>();
        private final Map<String, Integer> needs = new LinkedHashMap<>();
        private final Map<String, Boolean> ran = new LinkedHashMap<>();
        private final List<Answer> answers = new ArrayList<>();
        private final Map<String, Duration> messages = new LinkedHashMap<>();
        private final Map<Long, Begun> open = new HashMap<>();
        private final Map<Long, Asked> questions = new HashMap<>();
        private final Map<TaskId, Instant> awaited = new HashMap<>();
        private Event.@Nullable RunStarted start;
        private @Nullable Amendment plan;
        private @Nullable Instant planned;
        private boolean others;
        private double planningCost;
        private Status status = Status.RUNNING;

        private record Begun(TaskId task, AgentId agent, boolean look, Instant at) {}

        private record Asked(Question question, Instant at) {}

        void see(Moment moment) {
            switch (moment.event()) {
                case Event.RunStarted e -> start = e;
                case Event.Assigned e -> {
                    boolean look = state.task(e.task()).course().proposal() != null;
                    open.put(e.token(), new Begun(e.task(), e.agent(), look, moment.at()));
                    ran(e.task().name());
                }
                case Event.PlanAmended e -> amended(e.amendment(), moment.at());
                case Event.AttemptEnded e -> {
                    planning(e.task(), e.usage());
                    if (e.failure() instanceof Failure.Rejected) {
                        judge(e.task(), e.token(), false, e.usage());
                    }
                    ended(e.token(), moment, e.failure(), e.usage(), false);
                }
                case Event.ResultAccepted e -> {
                    planning(e.task(), e.usage());
                    judge(e.task(), e.token(), true, e.usage());
                    ended(e.token(), moment, null, e.usage(), false);
                }
                case Event.ResultProposed e -> {
                    propose(e.task(), e.token(), e.usage());
                    ended(e.token(), moment, null, e.usage(), false);
                }
                case Event.Iterated e -> {
                    judge(e.task(), e.token(), true, e.usage());
                    ended(e.token(), moment, null, e.usage(), true);
                }
                case Event.HandedOver e -> ended(e.token(), moment, null, e.usage(), false);
                case Event.FannedOut e -> {
                    widths.put(e.task(), e.width());
                    needs.put(e.task(), e.need());
                    ran(e.task());
                }
                case Event.Joined e -> voted(e.task());
                case Event.ChildStarted e -> ran(e.task().name());
                case Event.TaskSkipped e -> skipped(e.task());
                case Event.QuestionAsked e ->
                        questions.put(e.question().id(), new Asked(e.question(), moment.at()));
                case Event.QuestionClosed e -> closed(e, moment);
                case Event.Awaited e -> awaited.put(e.task(), moment.at());
                case Event.MessageReceived e -> {
                    var since = e.task() == null ? null : awaited.get(e.task());
                    if (since != null && e.task() != null) {
                        messages.put(e.task().name(), Duration.between(since, moment.at()));
                    }
                }
                case Event.Ended e -> status = e.status();
                default -> {}
            }
            state = state.evolve(moment.event());
        }

        private void planning(TaskId task, Usage usage) {
            if (state.declaration(task).plans()) {
                planningCost += usd(usage);
            }
        }

        private void amended(Amendment amendment, Instant at) {
            var planner = start == null ? null : start.planner();
            if (planner == null || amendment.author().equals(WORKFLOW)) {
                return;
            }
            if (!amendment.author().equals(planner.agent().value())) {
                others |= !amendment.author().equals(Amendment.RUN);
            } else if (plan == null) {
                plan = amendment;
                planned = at;
            }
        }

        private @Nullable Planning planning(Instant began) {
            var planner = start == null ? null : start.planner();
            return planner == null || plan == null || planned == null
                    ? null
                    : new Planning(
                            planner.agent(),
                            plan,
                            !others && state.progress().rounds() == 1,
                            planningCost,
                            between(began, planned));
        }

        /// Counts a vote in which all replicas gave an answer.
        private void voted(String name) {
            var fanIn = state.fanIns().get(name);
            var each = state.graph().node(name).task().flow().each();
            var resolve = each == null || !each.isReplicas() ? null : each.resolve();
            if (fanIn == null || each == null || resolve == null || resolve.on() != null) {
                return;
            }
            if (!(resolve.by() instanceof Resolve.By.Vote)
                    && !(resolve.by() instanceof Resolve.By.WeightedVote)) {
                return;
            }
            var answers = new ArrayList<Value>();
            fanIn.outputs()
                    .forEach((item, output) -> {
                        if (!fanIn.decides(item)) {
                            answers.add(Given.of("", output).answer());
                        }
                    });
            if (answers.size() == each.max()) {
                votes.add(new Vote(name, Likeness.NORMALISED.groups(answers)));
            }
        }

        private void propose(TaskId task, long token, Usage usage) {
            var begun = open.get(token);
            if (begun != null) {
                proposed.put(task, new Judged(task.name(), begun.agent(), true, usd(usage)));
            }
        }

        /// What a second look, or a condition on the output, said of the result.
        private void judge(TaskId task, long token, boolean passed, Usage usage) {
            var begun = open.get(token);
            if (begun == null) {
                return;
            }
            if (!begun.look()) {
                var gate = state.declaration(task).policy().gate();
                if (!gate.equals(Task.Gate.OPEN) && (!passed || gate.verify() == null)) {
                    judged.add(new Judged(task.name(), begun.agent(), passed, usd(usage)));
                }
                return;
            }
            var result = proposed.get(task);
            if (result != null && passed) {
                judged.add(result);
                proposed.remove(task);
            } else if (result != null) {
                judged.add(new Judged(result.task(), result.agent(), false, result.usd()));
                proposed.remove(task);
            }
        }

        private static double usd(Usage usage) {
            return usage.usd().usd().doubleValue();
        }

        private void ran(String task) {
            ran.put(task, true);
        }

        /// A task whose turn had come did not run: its condition was false.
        private void skipped(TaskId task) {
            if (task.item() == TaskId.WHOLE
                    && state.graph().find(task.name()) != null
                    && state.graph().node(task.name()).task().when() != null
                    && state.graph().verdict(task.name()) == Graph.Verdict.RUN) {
                ran.putIfAbsent(task.name(), false);
            }
        }

        private void ended(
                long token, Moment moment, @Nullable Failure failure, Usage usage, boolean again) {
            var begun = open.remove(token);
            if (begun == null || !tells(failure)) {
                return;
            }
            attempts.add(
                    new Attempt(
                            begun.task().name(),
                            begun.look(),
                            begun.agent(),
                            new Attempted(
                                    between(begun.at(), moment.at()), usd(usage), failure, again)));
        }

        /// Whether an attempt says something of its agent: not when others ended it.
        private static boolean tells(@Nullable Failure failure) {
            return switch (failure) {
                case null -> true;
                case Failure.Transient _, Failure.Permanent _, Failure.Rejected _ -> true;
                case Failure.TimedOut(var limit, _) ->
                        limit == Failure.Limit.RUN || limit == Failure.Limit.IDLE;
                case Failure.Crashed _,
                        Failure.Quarantined _,
                        Failure.Interrupted _,
                        Failure.Suspended _,
                        Failure.Cancelled _ ->
                        false;
            };
        }

        private void closed(Event.QuestionClosed e, Moment moment) {
            var asked = questions.remove(e.question());
            if (asked != null && e.end() == Question.End.DECIDED) {
                var task = asked.question().task();
                answers.add(
                        new Answer(
                                task == null ? "" : task.name(),
                                asked.question().purpose(),
                                between(asked.at(), moment.at()),
                                e.answer()));
            }
        }

        /// Clocks may have been set back meanwhile.
        private static Duration between(Instant from, Instant to) {
            var time = Duration.between(from, to);
            return time.isNegative() ? Duration.ZERO : time;
        }

        RunRecord record(List<Moment> run) {
            if (start == null) {
                throw new IllegalArgumentException("a run that never started");
            }
            return new RunRecord(
                    start,
                    List.copyOf(attempts),
                    List.copyOf(judged),
                    List.copyOf(votes),
                    widths,
                    needs,
                    ran,
                    List.copyOf(answers),
                    messages,
                    planning(run.getFirst().at()),
                    run.getFirst().at(),
                    between(run.getFirst().at(), run.getLast().at()),
                    state.usage().usd().usd().doubleValue(),
                    status);
        }
    }
}

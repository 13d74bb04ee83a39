package dev.tutti.core.run;

import dev.tutti.core.agent.Continuation;
import dev.tutti.core.agent.Course;
import dev.tutti.core.agent.Relay;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.agent.TaskState.Phase;
import dev.tutti.core.budget.Ledger;
import dev.tutti.core.choreography.Board;
import dev.tutti.core.dispatch.Auction;
import dev.tutti.core.dispatch.Auctions;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Notes;
import dev.tutti.core.memory.Outputs;
import dev.tutti.core.people.Asked;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.plan.Progress;
import dev.tutti.core.run.RunState.Doer;
import dev.tutti.core.run.RunState.Effect;
import dev.tutti.core.synthesis.FanIn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.PVector;

/// Folds one event into a state. Evaluates nothing and refuses nothing: what is in the journal has
/// happened.
final class Evolution {
    private final RunState before;
    private Status status;
    private @Nullable Instant pausedAt;
    private RunState.@Nullable Goal goal;
    private Graph graph;
    private Progress progress;
    private PMap<TaskId, TaskState> tasks;
    private RunState.Counts counts;
    private PMap<String, FanIn> fanIns;
    private Outputs outputs;
    private PSortedMap<Long, RunState.Open> open;
    private PMap<TaskId, PMap<String, Effect>> effects;
    private PSortedMap<Long, Asked> questions;
    private PVector<RunState.Letter> mailbox;
    private Board board;
    private PMap<Timer, Instant> timers;
    private Usage usage;
    private Ledger ledger;
    private RunState.@Nullable Ending ending;
    private Value output;
    private Auctions auctions;
    private Notes notes;

    private Evolution(RunState state) {
        before = state;
        status = state.status();
        pausedAt = state.pausedAt();
        goal = state.goal();
        graph = state.graph();
        progress = state.progress();
        tasks = state.tasks();
        counts = state.counts();
        fanIns = state.fanIns();
        outputs = state.outputs();
        open = state.open();
        effects = state.effects();
        questions = state.questions();
        mailbox = state.mailbox();
        board = state.board();
        timers = state.timers();
        usage = state.usage();
        ledger = state.ledger();
        ending = state.ending();
        output = state.output();
        auctions = state.auctions();
        notes = state.notes();
    }

    static RunState evolve(RunState state, Event event) {
        var next = new Evolution(state);
        next.apply(event);
        return next.state();
    }

    private RunState state() {
        if (status == Status.RUNNING || status == Status.WAITING) {
            boolean waits = !questions.isEmpty() && counts.live() == counts.still();
            status = waits ? Status.WAITING : Status.RUNNING;
        }
        return new RunState(
                sequence(),
                status,
                pausedAt,
                goal,
                graph,
                progress,
                tasks,
                counts,
                fanIns,
                outputs,
                open,
                effects,
                questions,
                mailbox,
                board,
                timers,
                usage,
                ledger,
                ending,
                output,
                auctions,
                notes);
    }

    private long sequence() {
        return before.sequence() + 1;
    }

    private void apply(Event event) {
        switch (event) {
            case Event.RunStarted e -> {
                ledger = Ledger.of(e.budget());
                goal =
                        new RunState.Goal(
                                e.run(),
                                e.goal(),
                                e.team(),
                                e.inputs(),
                                e.output(),
                                e.by(),
                                e.onStall(),
                                e.origin(),
                                e.planner(),
                                e.mode());
            }
            case Event.Paused e -> {
                status = Status.PAUSED;
                pausedAt = e.at();
            }
            case Event.Resumed e -> resumed(e.paused());
            case Event.Closing e -> {
                status = Status.CLOSING;
                ending = new RunState.Ending(e.status(), e.reason(), e.failure());
            }
            case Event.Ended e -> {
                status = e.status();
                output = e.output();
                timers = HashTreePMap.empty();
            }
            case Event.PlanAmended e -> amended(e.amendment());
            case Event.PlanProposed e -> {
                usage = usage.plus(e.usage());
                ledger = ledger.settle(e.token(), Spend.of(e.usage()), e.usage().known());
                timers = timers.minus(new Timer.AttemptDue(e.token()));
                timers = timers.minus(new Timer.IdleDue(e.token()));
                progress = progress.propose(e.token(), e.amendment(), e.proposal());
            }
            case Event.TaskRevised e -> revised(e.task());
            case Event.TasksReset e -> reset(e.tasks());
            case Event.FannedOut e -> {
                graph = graph.begin(e.task());
                fanIns = fanIns.plus(e.task(), FanIn.of(e.width(), e.need()));
            }
            case Event.TaskHeld e -> {
                begin(e.task());
                var known = tasks.getOrDefault(e.task(), TaskState.held(e.input()));
                // Held already: people decided that it is tried again, and are asked for leave.
                var task = known.phase() == Phase.HELD ? known.forgiven() : known;
                put(e.task(), task.withInput(e.input()).in(Phase.HELD));
            }
            case Event.TaskReady e -> ready(e);
            case Event.InputGiven e -> {
                begin(e.task());
                var known = tasks.getOrDefault(e.task(), TaskState.held(e.input()));
                var how = e.by() == null ? null : Edited.told(e.by(), known.input(), e.input());
                put(e.task(), known.given(e.input(), how).in(Phase.HELD));
            }
            case Event.TaskSkipped e -> {
                skipped(e.task());
                errandOver(e.task(), Value.struct("failed", Value.text(e.reason())));
            }
            case Event.TaskFailed e -> {
                finish(e.task(), Phase.FAILED);
                graph = graph.fail(e.task().name());
                if (goal != null && goal.planner() != null) {
                    progress = progress.failed(e.task().name(), e.failure().message());
                }
            }
            case Event.Assigned e -> {
                put(e.task(), before.task(e.task()).assigned(e.token(), e.agent()));
                ledger = ledger.begun().reserve(e.token(), e.reserved());
                open(e.token(), e.task(), new Doer.Agent(e.agent()), e.idle());
                due(new Timer.AttemptDue(e.token()), e.due());
            }
            case Event.Announced e -> {
                auctions = auctions.announced(e);
                due(new Timer.BidsDue(e.batch()), e.deadline());
            }
            case Event.BidPlaced e ->
                    auctions =
                            auctions.replied(
                                    e.task(), new Auction.Placed(e.agent(), e.bid(), e.cost()));
            case Event.BidDeclined e ->
                    auctions = auctions.replied(e.task(), new Auction.Placed(e.agent(), null, 0));
            case Event.ChildStarted e -> {
                put(e.task(), before.task(e.task()).assigned(e.token(), e.agent()));
                ledger =
                        ledger.begun()
                                .reserve(e.token(), ledger.setAside(e.budget()))
                                .begunWithin(e.token(), e.part());
                open(e.token(), e.task(), new Doer.Child(e.child()), null);
                due(new Timer.AttemptDue(e.token()), e.due());
            }
            case Event.Awaited e -> {
                begin(e.task());
                var known = tasks.getOrDefault(e.task(), TaskState.ready(Value.Struct.EMPTY));
                put(e.task(), known.assigned(e.token(), null).in(Phase.WAITING));
                open(e.token(), e.task(), new Doer.Message(e.message(), e.topic()), null);
                due(new Timer.AttemptDue(e.token()), e.due());
            }
            case Event.Rerouted e -> {
                var task = before.task(e.task());
                put(
                        e.task(),
                        task.afresh(task.course().rerouted(e.from(), e.rung()))
                                .in(Phase.BACKING_OFF));
            }
            case Event.HandedOver e -> {
                closeAttempt(e.token(), e.usage());
                var hand = new Relay.Hand(e.from(), e.to(), e.what(), e.reason());
                put(e.task(), before.task(e.task()).handedOver(hand));
            }
            case Event.ErrandsAwaited e -> {
                var task = before.task(e.task()).awaiting(e.errands());
                for (var errand : e.errands()) {
                    if (graph.node(errand).phase().isFinal()
                            && !task.continuation()
                                    .answers()
                                    .containsKey(Continuation.errand(errand))) {
                        task = task.answered(Continuation.errand(errand), cameOf(errand));
                    }
                }
                put(e.task(), task);
            }
            case Event.EffectIntended e -> {
                boolean doubtful = before.effectsOf(e.task()).containsKey(e.name());
                effect(e.task(), e.name(), new Effect(e.key(), e.token(), null, doubtful));
            }
            case Event.EffectRecorded e -> {
                var known = before.effectsOf(e.task()).get(e.name());
                if (known != null) {
                    effect(
                            e.task(),
                            e.name(),
                            new Effect(known.key(), known.token(), e.outcome(), false));
                }
            }
            case Event.EffectWithdrawn e ->
                    effects = effects.plus(e.task(), before.effectsOf(e.task()).minus(e.name()));
            case Event.BudgetShort e -> {
                put(e.task(), before.task(e.task()).in(Phase.BACKING_OFF));
                ledger = ledger.await(e.task(), e.need(), e.counted());
            }
            case Event.TooDear _ -> {}
            case Event.BudgetAlarm e -> ledger = ledger.told(e.limit(), e.percent());
            case Event.PartReturned e -> ledger = ledger.returned(e.token(), e.used());
            case Event.BudgetRaised e -> ledger = ledger.raised(e.budget());
            case Event.Settled e -> {
                usage = usage.plus(e.usage());
                ledger = ledger.paid(e.token(), Spend.of(e.usage()));
            }
            case Event.AttemptEnded e -> {
                attemptEnded(e);
                put(e.task(), before.task(e.task()).attemptEnded(e.failure(), e.usage()));
            }
            case Event.ResultProposed e -> {
                closeAttempt(e.token(), e.usage());
                var task = before.task(e.task());
                notes = notes.proposed(e.task(), task.continuation().since());
                var proposal = new Course.Proposal(e.output(), e.look());
                put(e.task(), task.proposed(proposal));
            }
            case Event.Iterated e -> {
                closeAttempt(e.token(), e.usage());
                var task = before.task(e.task());
                var course =
                        task.agent() != null
                                        && graph.node(e.task().name()).task().passing()
                                                instanceof Passing.Group
                                ? task.course().said(task.agent(), e.output(), e.next())
                                : task.course().iterated(e.output());
                put(e.task(), task.afresh(course).in(Phase.BACKING_OFF));
            }
            case Event.ResultAccepted e -> {
                closeAttempt(e.token(), e.usage());
                done(e.task(), e.output());
                errandOver(e.task(), Value.struct("output", e.output()));
            }
            case Event.OutputGiven e -> {
                done(e.task(), e.output());
                errandOver(e.task(), Value.struct("output", e.output()));
            }
            case Event.Joined e -> joined(e);
            case Event.Dissented e ->
                    fanIns = fanIns.plus(e.task(), fanIn(e.task()).dissented(e.answers()));
            case Event.Debated e ->
                    fanIns = fanIns.plus(e.task(), fanIn(e.task()).debated(e.items().size()));
            case Event.QuestionAsked e -> asked(e);
            case Event.QuestionHandedOn e ->
                    questions =
                            questions.plus(e.question(), question(e.question()).handedOn(e.rung()));
            case Event.QuestionAnswered e ->
                    questions =
                            questions.plus(
                                    e.question(),
                                    question(e.question())
                                            .with(new Asked.Vote(e.by(), e.answer(), e.comment())));
            case Event.QuestionClosed e -> {
                if (question(e.question()).question().purpose() == Question.Purpose.STALL
                        && e.end() == Question.End.DECIDED) {
                    progress = progress.forgiven();
                    board = board.reopened();
                }
                if (e.end() != Question.End.WITHDRAWN) {
                    consulted(question(e.question()).question(), e.answer());
                }
                questions = questions.minus(e.question());
                timers =
                        timers.minus(new Timer.QuestionDue(e.question()))
                                .minus(new Timer.ReminderDue(e.question()));
            }
            case Event.MessageReceived e -> {
                mailbox =
                        e.kept()
                                ? mailbox.plus(new RunState.Letter(e.id(), e.type(), e.data()))
                                : without(e.id());
            }
            case Event.Claimed e -> {
                var claim = new Board.Claim(e.agent(), e.message(), e.role());
                board = board.claimed(e.task().name(), claim);
            }
            case Event.Declined e -> board = board.declined(e.agent(), e.message());
            case Event.ClaimLost e -> board = board.lost(e.task().name());
            case Event.Unanswered e -> {
                board =
                        e.expected() == 0
                                ? board.over(e.message(), e.role())
                                : settled(e.expected());
            }
            case Event.Expected e -> {
                var expected = new Board.Expected(e.rule(), e.message(), e.same());
                board = board.expect(sequence(), expected);
                timers = timers.plus(new Timer.ExpectedDue(sequence()), e.due());
            }
            case Event.ExpectationMet e -> board = settled(e.expected());
            case Event.NoteWritten e -> notes = notes.with(e);
            case Event.NoteRead e -> noteRead(e);
            case Event.ContextAssembled e -> notes = notes.with(e);
            case Event.TimerSet e -> {
                timers = timers.plus(e.timer(), e.due());
                ledger = e.timer() instanceof Timer.BudgetDue ? ledger.timedAnew() : ledger;
            }
            case Event.TimerFired e -> {
                timers = timers.minus(e.timer());
                if (e.timer() instanceof Timer.BidsDue(var batch)) {
                    auctions = auctions.over(batch);
                }
            }
            case Event.Intervened _,
                    Event.TaskClaimed _,
                    Event.Stalled _,
                    Event.Refused _,
                    Event.ArtifactStored _,
                    Event.QuestionReminded _,
                    Event.MessagePublished _ -> {}
        }
    }

    // ---- plan

    private void amended(Amendment amendment) {
        graph = graph.amend(amendment.tasks()).replace(amendment.drops());
        for (var name : amendment.drops()) {
            if (graph.node(name).phase() == Graph.Phase.REPLACED) {
                fanIns = fanIns.minus(name);
            }
        }
        for (var task : amendment.tasks()) {
            if (task.plans()) {
                progress = progress.ask(task.name(), amendment.reason(), sequence());
            }
        }
        boolean errands =
                amendment.tasks().stream()
                        .anyMatch(task -> task.passing() instanceof Passing.Errand);
        if (goal != null
                && goal.planner() != null
                && !amendment.author().equals(Amendment.RUN)
                && !errands) {
            progress = progress.amended(amendment);
        }
    }

    /// Where the task is another's now, nobody holds it any more.
    private void revised(Task task) {
        boolean others = !graph.node(task.name()).task().performer().equals(task.performer());
        graph = graph.revise(task);
        if (others && task.passing() != null) {
            for (var id : List.copyOf(tasks.keySet())) {
                var known = tasks.get(id);
                if (known != null && id.name().equals(task.name())) {
                    tasks = tasks.plus(id, known.with(known.course().open()));
                }
            }
        }
    }

    // ---- tasks

    private void put(TaskId id, TaskState task) {
        counts = counts.plus(tasks.get(id), -1).plus(task, 1);
        if (task.phase() != Phase.BACKING_OFF) {
            ledger = ledger.goesOn(id);
        }
        tasks = tasks.plus(id, task);
        if (task.phase() != Phase.READY) {
            given(task.phase().isFinal() ? auctions.forgotten(id) : auctions.settled(id));
        }
    }

    /// Nobody waits for bids on what is all given away.
    private void given(Auctions next) {
        if (next.batches().size() < auctions.batches().size()) {
            for (var batch : auctions.batches().keySet()) {
                if (!next.batches().containsKey(batch)) {
                    timers = timers.minus(new Timer.BidsDue(batch));
                }
            }
        }
        auctions = next;
    }

    private void begin(TaskId task) {
        if (task.item() == TaskId.WHOLE && !tasks.containsKey(task)) {
            graph = graph.begin(task.name());
        }
        var fanIn = fanIns.get(task.name());
        if (fanIn != null
                && fanIn.decides(task.item())
                && !fanIn.debates(task.item())
                && !tasks.containsKey(task)) {
            fanIns = fanIns.plus(task.name(), fanIn.asked());
        }
    }

    /// A task that was held since something had gone wrong is ready as if it had not. One that was
    /// held for leave to begin is as it was.
    private void ready(Event.TaskReady e) {
        begin(e.task());
        var known = tasks.get(e.task());
        var task = known == null ? TaskState.ready(e.input()) : known;
        if (task.phase() == Phase.HELD
                && !task.continuation().suspended()
                && graph.node(e.task().name()).task().policy().approval() == null
                && !isLeave(task, e)) {
            task = task.forgiven();
        }
        if (task.course().iterations() > 0) {
            task = task.withInput(e.input());
        }
        var course = task.course().locking(e.locks()).ruled(e.ruling());
        put(e.task(), task.with(course).in(Phase.READY));
    }

    /// Whether a person has just agreed to what a rule of the task's policy had held.
    private static boolean isLeave(TaskState task, Event.TaskReady e) {
        return e.ruling().approved() != null
                && !e.ruling().approved().equals(task.course().ruling().approved());
    }

    private void done(TaskId task, Value result) {
        finish(task, Phase.DONE);
        if (task.item() == TaskId.WHOLE) {
            giveUpItems(task.name());
            outputs = outputs.with(task.name(), result);
            graph = graph.finish(task.name(), Graph.Phase.DONE);
        } else {
            itemEnded(task, fanIn(task.name()).done(task.item(), result));
        }
    }

    /// The task that asked for it learns what came of it.
    private void errandOver(TaskId id, Value what) {
        if (id.item() == TaskId.WHOLE
                && graph.node(id.name()).task().passing() instanceof Passing.Errand(var by, _)) {
            var asker = tasks.get(by);
            if (asker != null && !asker.phase().isFinal()) {
                tasks = tasks.plus(by, asker.answered(Continuation.errand(id.name()), what));
            }
        }
    }

    private Value cameOf(String errand) {
        var output = outputs.of(errand);
        return graph.node(errand).phase() == Graph.Phase.DONE && output != null
                ? Value.struct("output", output)
                : Value.struct("failed", Value.text("it was not done"));
    }

    private void skipped(TaskId task) {
        finish(task, Phase.SKIPPED);
        if (task.item() == TaskId.WHOLE) {
            giveUpItems(task.name());
            outputs = outputs.with(task.name(), Value.NULL);
            graph = graph.finish(task.name(), Graph.Phase.SKIPPED);
        } else {
            itemEnded(task, fanIn(task.name()).skipped(task.item()));
        }
    }

    private void finish(TaskId task, Phase phase) {
        var known = tasks.get(task);
        if (known != null) {
            put(task, known.finished(phase, sequence()));
        }
        timers = timers.minus(new Timer.RetryDue(task)).minus(new Timer.QueueDue(task));
        timers = timers.minus(new Timer.OverallDue(task));
        notes = notes.forget(task);
    }

    private void giveUpItems(String name) {
        var fanIn = fanIns.get(name);
        for (int i = 0; fanIn != null && i < fanIn.places() + fanIn.deciders(); i++) {
            var item = new TaskId(name, i);
            var known = tasks.get(item);
            if (known != null && !known.phase().isFinal()) {
                finish(item, Phase.SKIPPED);
            }
        }
        fanIns = fanIns.minus(name);
    }

    private void itemEnded(TaskId task, FanIn fanIn) {
        fanIns =
                fanIn.joined() && fanIn.open() == 0 && isForgotten(task.name())
                        ? fanIns.minus(task.name())
                        : fanIns.plus(task.name(), fanIn);
    }

    /// The results of the items stay where they may have to be taken back, may still come in, or
    /// tell who is right how often.
    private void joined(Event.Joined e) {
        var task = e.task();
        var fanIn = fanIn(task);
        outputs =
                outputs.with(task, e.resolved() == null ? fanIn.collect() : e.resolved().output());
        fanIns =
                fanIn.open() == 0 && isForgotten(task)
                        ? fanIns.minus(task)
                        : fanIns.plus(task, fanIn.handedOn(e.resolved()));
        graph = graph.finish(task, Graph.Phase.DONE);
    }

    private boolean isForgotten(String name) {
        var task = graph.node(name).task();
        var each = task.flow().each();
        return task.policy().undo() == null && (each == null || each.resolve() == null);
    }

    private void reset(List<String> names) {
        for (var id : List.copyOf(tasks.keySet())) {
            if (names.contains(id.name())) {
                counts = counts.plus(tasks.get(id), -1);
                ledger = ledger.goesOn(id);
                tasks = tasks.minus(id);
                timers = timers.minus(new Timer.RetryDue(id)).minus(new Timer.QueueDue(id));
                timers = timers.minus(new Timer.OverallDue(id));
                given(auctions.forgotten(id));
            }
        }
        for (var name : names) {
            fanIns = fanIns.minus(name);
            outputs = outputs.without(name);
        }
        graph = graph.reset(names);
        notes = notes.reset(names);
    }

    // ---- attempts

    private void open(long token, TaskId task, Doer doer, @Nullable Duration idle) {
        timers = timers.minus(new Timer.QueueDue(task));
        open = open.plus(token, new RunState.Open(task, doer, idle));
    }

    private void due(Timer timer, @Nullable Instant at) {
        if (at != null) {
            timers = timers.plus(timer, at);
        }
    }

    /// Nobody knows what a crashed attempt took beyond its steps, or one that does not say, nor
    /// what a run takes that was given up before it reported.
    private void attemptEnded(Event.AttemptEnded e) {
        var attempt = open.get(e.token());
        boolean givenUp =
                e.failure() instanceof Failure.Cancelled
                        || e.failure() instanceof Failure.TimedOut
                        || e.failure() instanceof Failure.Interrupted;
        boolean owes =
                givenUp
                        && attempt != null
                        && attempt.doer() instanceof Doer.Child(var child)
                        && goal != null
                        && child.isWithin(goal.run());
        boolean known = e.usage().known() && !(e.failure() instanceof Failure.Crashed);
        ledger =
                owes ? ledger.owe(e.token()) : ledger.settle(e.token(), Spend.of(e.usage()), known);
        close(e.token());
        usage = usage.plus(e.usage());
    }

    private void closeAttempt(long token, Usage used) {
        ledger = ledger.settle(token, Spend.of(used), used.known());
        usage = usage.plus(used);
        close(token);
    }

    private void close(long token) {
        open = open.minus(token);
        progress = progress.decided(token);
        timers = timers.minus(new Timer.AttemptDue(token)).minus(new Timer.IdleDue(token));
    }

    private void effect(TaskId task, String name, Effect effect) {
        effects = effects.plus(task, before.effectsOf(task).plus(name, effect));
    }

    /// Before an attempt is under way, it is told which notes it is going to be given.
    private void noteRead(Event.NoteRead e) {
        boolean begun = open.containsKey(e.token());
        long since = begun ? before.task(e.task()).continuation().since() : e.token();
        notes = notes.with(e, since, begun);
    }

    // ---- people, messages, time

    private void asked(Event.QuestionAsked e) {
        var question = e.question();
        questions = questions.plus(question.id(), Asked.of(question, e.token()));
        var task = question.task();
        if (task == null) {
            return;
        }
        var attempt = open.get(e.token());
        if (attempt != null && attempt.doer() instanceof Doer.Agent(var agent)) {
            open(e.token(), task, new Doer.Person(agent, question.id()), null);
            put(task, before.task(task).in(Phase.WAITING));
        } else {
            put(task, before.task(task).in(Phase.HELD));
        }
    }

    /// What an attempt asked is decided, and the next one is told.
    private void consulted(Question question, Value answer) {
        var id = question.task();
        if (id == null || question.purpose() != Question.Purpose.CONSULT) {
            return;
        }
        var task = tasks.get(id);
        if (task != null && task.phase() == Phase.HELD) {
            put(id, task.answered(Consultation.name(question), answer));
        }
    }

    private Asked question(long id) {
        var asked = questions.get(id);
        if (asked == null) {
            throw new IllegalStateException("question " + id + " is not open");
        }
        return asked;
    }

    private PVector<RunState.Letter> without(String id) {
        var found = mailbox.stream().filter(letter -> letter.id().equals(id)).findFirst();
        return found.isPresent() ? mailbox.minus(found.get()) : mailbox;
    }

    private Board settled(long expected) {
        timers = timers.minus(new Timer.ExpectedDue(expected));
        return board.settled(expected);
    }

    private void resumed(Duration paused) {
        status = Status.RUNNING;
        pausedAt = null;
        for (var timer : before.timers().entrySet()) {
            timers = timers.plus(timer.getKey(), timer.getValue().plus(paused));
        }
    }

    private FanIn fanIn(String task) {
        var fanIn = fanIns.get(task);
        if (fanIn == null) {
            throw new IllegalStateException("task " + task + " did not fan out");
        }
        return fanIn;
    }
}

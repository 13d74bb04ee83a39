package dev.tutti.runtime.engine;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.Participant;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.bidding.DeclaredBids;
import dev.tutti.runtime.bidding.Self;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.dispatch.Switched;
import dev.tutti.runtime.dispatch.Switches;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.step.Conversation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// All runs of one store, as step functions.
///
/// [#accept] takes inputs, [#collect] lets the owners handle them and gives what is to be committed
/// together, [#committed] takes what became of it and says what to do. Between the last two, the
/// owners concerned handle nothing. Called from one thread.
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /// So many runs are kept that wait for runs within.
    private static final int MOST_CALLED_BACK = 64;

    /// A run with a timer due sooner than this is not put away.
    private static final Duration WORTH_KEEPING = Duration.ofSeconds(10);

    private final JournalReader journal;
    private final Handler handler;
    private final Dispatcher dispatcher;
    private final Teams teams;
    private final long epoch;
    private final Lookout lookout;
    private final Topics topics;
    private final Awarding awarding;

    private final Map<StreamId, Owner> owners = new LinkedHashMap<>();

    /// Runs that wait for runs within, each of which tells of its end: kept as long as there are
    /// not too many, since to load one for each of thousands takes longer than all they do.
    private final SequencedSet<StreamId> calledBack = new LinkedHashSet<>();

    private final Deque<Owner> toHandle = new ArrayDeque<>();
    private final List<Owner> committing = new ArrayList<>();
    private final Deque<Input.Stepped> steps = new ArrayDeque<>();
    private final Deque<Input.Calling> calling = new ArrayDeque<>();
    private final Deque<Input.Spending> spending = new ArrayDeque<>();
    private final Deque<Input.Chosen> chosenBy = new ArrayDeque<>();
    private final List<Input.Stepped> committingSteps = new ArrayList<>();
    private final List<Deed> soon = new ArrayList<>();
    private final Map<StreamId, Runs.Loaded> changed = new LinkedHashMap<>();
    private final Map<StreamId, Exception> halted = new LinkedHashMap<>();
    private final Map<StreamId, Exception> justHalted = new LinkedHashMap<>();
    private final Alarms alarms = new Alarms();
    private Instant now = Instant.EPOCH;
    private boolean quiet;
    private boolean switchedOn;

    /// An engine for the owner of a store.
    ///
    /// @param epoch the one claimed; every append bears it
    public Engine(
            JournalReader journal,
            Decider decider,
            Dispatcher dispatcher,
            TeamReader teams,
            long epoch) {
        this.journal = journal;
        this.dispatcher = dispatcher;
        this.teams = new Teams(journal, teams);
        this.epoch = epoch;
        dispatcher.places().set(Switches.of(journal));
        topics = new Topics(journal, decider.expressions(), this.teams, epoch, this::switched);
        awarding = new Awarding(dispatcher.places(), dispatcher::isPresent, this::queue);
        handler =
                new Handler(
                        journal,
                        decider,
                        dispatcher,
                        this.teams,
                        awarding,
                        topics::minds,
                        this::take);
        lookout = new Lookout(journal, decider, dispatcher, this.teams, owners);
    }

    /// Loads a run that something is due for. What it had under way when it was last held counts as
    /// crashed.
    public void wake(StreamId run, Instant at) {
        alarms.set(run, at);
    }

    /// No further attempts are begun; what is under way is still recorded.
    public void quiesce() {
        quiet = true;
        handler.quiesce();
        dispatcher.sendAway();
    }

    /// When [#tick] has something to do next, or empty.
    public Optional<Instant> nextAlarm() {
        var agents = dispatcher.nextAlarm();
        var messages = quiet ? Optional.<Instant>empty() : topics.nextAlarm();
        return Stream.of(alarms.next(), agents, awarding.nextAlarm(), messages)
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /// Whether an owner has something to handle.
    public boolean busy() {
        return !toHandle.isEmpty()
                || !steps.isEmpty()
                || !calling.isEmpty()
                || !spending.isEmpty()
                || switchedOn
                || topics.busy();
    }

    /// Queues an input for the owner of its run.
    public void accept(Input input) {
        var why = halted.get(input.run());
        if (why != null) {
            handler.release(input, now);
            dispatcher.serve(now).forEach(this::take);
            refuse(input, "the run is halted: " + why.getMessage());
            if (input instanceof Input.Stepped step) {
                soon.add(answer(step, new Deed.Permission.Refused("the run is halted")));
            }
            if (input instanceof Input.Calling call) {
                soon.add(refused(call.run(), call.token(), call.name()));
            }
            if (input instanceof Input.Spending call) {
                soon.add(refused(call.run(), call.token(), call.name()));
            }
            return;
        }
        queue(input);
    }

    private void take(Dispatcher.Turn turn) {
        queue(new Input.Told(turn.run(), new Command.Dispatch(List.of(turn.offer())), "engine"));
    }

    private void queue(Input input) {
        if (input instanceof Input.Asked asked && Topics.has(asked.run())) {
            topics.accept(asked);
            return;
        }
        if (input instanceof Input.Alive alive) {
            hear(alive);
            return;
        }
        if (input instanceof Input.Stepped step) {
            steps.add(step);
            return;
        }
        if (input instanceof Input.Calling call) {
            calling.add(call);
            return;
        }
        if (input instanceof Input.Spending call) {
            spending.add(call);
            return;
        }
        if (input instanceof Input.Accounted(var run, var token)) {
            var owner = owners.get(run);
            if (owner != null) {
                owner.accounted(token);
            }
            return;
        }
        if (input instanceof Input.Chosen chosen) {
            chosenBy.add(chosen);
            return;
        }
        if (input instanceof Input.Busy busy) {
            dispatcher.leaveAlone(busy.run(), busy.token(), busy.until());
            return;
        }
        try {
            var owner = owners.get(input.run());
            if (owner == null) {
                owner = load(input.run());
            }
            owner.waiting.add(input);
            schedule(owner);
        } catch (JournalException e) {
            halt(input.run(), e);
            refuse(input, "the run is halted: " + e.getMessage());
        }
    }

    private void hear(Input.Alive alive) {
        var owner = owners.get(alive.run());
        if (owner != null && owner.state().open().containsKey(alive.token())) {
            owner.beats.put(alive.token(), alive.at());
        }
    }

    private void refuse(Input input, String why) {
        if (!input.id().isEmpty()) {
            soon.add(new Deed.Answer(input.id(), why));
        }
    }

    private void schedule(Owner owner) {
        if (!owner.committing() && !owner.waiting.isEmpty() && !owner.queued) {
            owner.queued = true;
            toHandle.add(owner);
        }
    }

    /// A person switches an agent: what waited for one that is on again is served at the next
    /// [#tick], as what is offered is used in the turn in which it is offered.
    private boolean switched(Switched fact, Instant at, String by, String request) {
        if (!dispatcher.places().switched(fact, at, by, request)) {
            return false;
        }
        switchedOn |= fact.on();
        return true;
    }

    /// Until when an agent is left alone for failing, which may have passed; empty where it is not.
    /// It may be asked from any thread.
    public Optional<Instant> leftAlone(AgentId agent) {
        return dispatcher.leftAlone(agent);
    }

    // ---- loading

    private Owner load(StreamId run) {
        var owner = new Owner(Runs.load(journal, run));
        hold(owner);
        count(owner);
        owners.put(run, owner);
        var outstanding = new ArrayList<Action.Announce>();
        for (var action : Action.outstanding(owner.state())) {
            switch (action) {
                case Action.Orphaned(var token) ->
                        owner.waiting.add(
                                told(
                                        run,
                                        new Command.Finish(
                                                token,
                                                Outcome.failed(Action.orphaned()),
                                                List.of())));
                case Action.Seek seek -> owner.seek.add(seek);
                case Action.Announce announced -> outstanding.add(announced);
                case Action.Perform _,
                        Action.Stop _,
                        Action.Call _,
                        Action.CancelChild _,
                        Action.Report _,
                        Action.Publish _,
                        Action.Post _,
                        Action.Subscribe _,
                        Action.Tell _ ->
                        throw new IllegalStateException("nothing that a load asks for: " + action);
            }
        }
        if (owner.state().choreographed() && handler.dispatches()) {
            var team = teams.get(owner.state().asked().team());
            Participant.unheard(owner.state(), team)
                    .forEach(letter -> tell(owner, letter).ifPresent(soon::add));
        }
        if (!outstanding.isEmpty()) {
            announceAgain(owner, outstanding);
        }
        lookout.note(run, owner.state());
        return owner;
    }

    /// Agents may not have heard of what takes bids: those who have bid say the same again, and are
    /// not heard twice.
    private void announceAgain(Owner owner, List<Action.Announce> tasks) {
        var hash = owner.state().asked().team();
        var team = teams.get(hash);
        var bids = tasks.stream().filter(task -> task.deadline() != null).toList();
        if (!bids.isEmpty()) {
            soon.add(announce(owner.run, hash, team, bids));
        }
        tasks.stream()
                .filter(task -> task.deadline() == null)
                .forEach(task -> awarding.offer(owner.run, hash, team, task));
    }

    /// What each agent that may bid knows of itself.
    private Deed announce(StreamId run, String hash, Team team, List<Action.Announce> tasks) {
        var self = new LinkedHashMap<AgentId, Self>();
        for (var agent : team.agents()) {
            var open = DeclaredBids.open(agent, tasks);
            if (!open.isEmpty() && (!agent.needsPlace() || dispatcher.isPresent(agent))) {
                self.put(
                        agent.id(),
                        new Self(
                                agent.limits().concurrency(),
                                dispatcher.places().busy(hash, agent, team.terms()),
                                dispatcher.evidence().past(agent, open.getFirst().performer())));
            }
        }
        return new Deed.Announce(run, hash, team, tasks, self);
    }

    private void hold(Owner owner) {
        var state = owner.state();
        if (state.open().isEmpty()) {
            return;
        }
        var hash = state.asked().team();
        var team = teams.get(hash);
        var agents = team.agents();
        state.open()
                .forEach((token, open) -> {
                    var locks = state.task(open.task()).course().locks();
                    var agent =
                            agents.stream()
                                    .filter(one -> one.id().equals(open.agent()))
                                    .findFirst()
                                    .orElse(null);
                    if (agent != null || !locks.isEmpty()) {
                        dispatcher.hold(
                                owner.run, token, open.task(), hash, team.terms(), agent, locks);
                    }
                });
    }

    /// What attempts that no process is making any more used up is answered for by them. Whether
    /// that is all, nobody knows, whatever they end by.
    private void count(Owner owner) {
        owner.state()
                .open()
                .forEach((token, open) -> {
                    if (open.doer() instanceof RunState.Doer.Agent) {
                        long since = owner.state().task(open.task()).continuation().since();
                        var said = Conversation.read(journal, owner.run, since);
                        owner.counts(token, said.head(), said.spent(token));
                        if (!owner.state().ledger().aside(token).isNone()) {
                            owner.spends(token);
                        }
                    }
                });
    }

    private static Input told(StreamId run, Command command) {
        return new Input.Told(run, command, "engine");
    }

    private void halt(StreamId run, Exception e) {
        try (var _ = MDC.putCloseable("run", run.isRun() ? run.run().value() : run.name())) {
            LOG.error("run {} is halted and left as it is on disk", run, e);
        }
        halted.put(run, e);
        justHalted.put(run, e);
        dispatcher.forget(run, now).forEach(this::take);
        awarding.forget(run);
        var owner = owners.remove(run);
        if (owner != null) {
            toHandle.remove(owner);
            var why = "the run is halted: " + e.getMessage();
            for (var input : owner.waiting) {
                handler.release(input, now);
                refuse(input, why);
            }
            owner.unanswered().forEach(request -> soon.add(new Deed.Answer(request, why)));
            dispatcher.serve(now).forEach(this::take);
        }
    }

    /// The runs that were halted since this was last asked, and why. They stay as they are on disk
    /// until the store is owned anew.
    public Map<StreamId, Exception> halted() {
        var runs = new LinkedHashMap<>(justHalted);
        justHalted.clear();
        return runs;
    }

    // ---- time

    /// Queues what is due. All of it at once: places and locks that attempts had when their runs
    /// were last held are taken before anything is dispatched.
    public void tick(Instant now) {
        this.now = now;
        letThrough();
        if (switchedOn) {
            switchedOn = false;
            dispatcher.allMay(now).forEach(this::take);
            awarding.freed(null, now);
        }
        dispatcher.wake(now).forEach(this::take);
        if (!quiet) {
            topics.tick(now);
        }
        for (var due = alarms.take(now); due.isPresent(); due = alarms.take(now)) {
            ring(due.get(), now);
        }
        awarding.tick(now);
    }

    /// Calls that are asked for pass or wait; those that waited long enough pass. Tasks are given
    /// away of which a program's own policy has said to whom.
    private void letThrough() {
        for (var chosen = chosenBy.poll(); chosen != null; chosen = chosenBy.poll()) {
            dispatcher.answered(chosen.answer(), now).forEach(this::take);
        }
        dispatcher
                .through(now)
                .forEach(call -> soon.add(passed(call.run(), call.token(), call.name())));
        for (var call = calling.poll(); call != null; call = calling.poll()) {
            var owner = owners.get(call.run());
            if (owner == null || !owner.state().open().containsKey(call.token())) {
                soon.add(refused(call.run(), call.token(), call.name()));
            } else if (dispatcher.call(call.run(), call.token(), call.name(), now)) {
                soon.add(passed(call.run(), call.token(), call.name()));
            }
        }
        for (var call = spending.poll(); call != null; call = spending.poll()) {
            var owner = owners.get(call.run());
            boolean counted = owner != null && owner.spends(call.token());
            soon.add(
                    counted
                            ? passed(call.run(), call.token(), call.name())
                            : refused(call.run(), call.token(), call.name()));
        }
    }

    private static Deed passed(StreamId run, long token, String name) {
        return new Deed.Allow(run, token, name, new Deed.Permission.Noted());
    }

    private static Deed refused(StreamId run, long token, String name) {
        return new Deed.Allow(run, token, name, new Deed.Permission.Refused("the attempt is over"));
    }

    private void ring(StreamId run, Instant now) {
        if (Topics.has(run)) {
            topics.wake(run);
            if (!quiet) {
                topics.tick(now);
            }
            return;
        }
        if (halted.containsKey(run)) {
            return;
        }
        try {
            var owner = owners.get(run);
            if (owner == null) {
                owner = load(run);
            }
            for (var timer : owner.state().timers().entrySet()) {
                if (!owner.state().paused()
                        && !owner.due(timer.getKey(), timer.getValue()).isAfter(now)) {
                    owner.waiting.add(told(run, new Command.Fire(timer.getKey())));
                }
            }
            if (!owner.seek.isEmpty() || owner.state().auctions().isDue()) {
                owner.waiting.add(told(run, new Command.Dispatch(List.of())));
            }
            if (owner.waiting.isEmpty()) {
                setAlarm(owner);
                putAway(owner);
            }
            schedule(owner);
        } catch (JournalException e) {
            halt(run, e);
        }
    }

    private void setAlarm(Owner owner) {
        alarms.set(owner.run, owner.nextDue().orElse(null));
    }

    // ---- handling

    /// Lets every owner that has something to handle do so, and gives the appends to commit, in the
    /// order in which they were decided.
    public List<Append> collect(Instant now) {
        var appends = new ArrayList<>(keep(now));
        for (var owner = toHandle.poll(); owner != null; owner = toHandle.poll()) {
            owner.queued = false;
            try {
                var work = handler.handle(owner, now);
                if (work.entries.isEmpty() && work.consumed.isEmpty()) {
                    soon.addAll(work.deeds);
                    owner.committed();
                    setAlarm(owner);
                    putAway(owner);
                } else {
                    committing.add(owner);
                    appends.add(owner.append(work, epoch));
                }
            } catch (RuntimeException e) {
                halt(owner.run, e);
            }
        }
        appends.addAll(topics.collect(now));
        return appends;
    }

    /// Steps are kept for attempts that are still wanted, and counted before anything is decided in
    /// the same commit.
    private List<Append> keep(Instant now) {
        var appends = new ArrayList<Append>();
        for (var step = steps.poll(); step != null; step = steps.poll()) {
            var owner = owners.get(step.run());
            long token = step.step().token();
            if (owner == null || !owner.state().open().containsKey(token)) {
                soon.add(answer(step, new Deed.Permission.Refused("the attempt is over")));
                continue;
            }
            if (!owner.counts(token, step.expected(), step.step().taken().usage())) {
                soon.add(answer(step, new Deed.Permission.Refused("it is on record already")));
                continue;
            }
            dispatcher.called(step.run(), token, step.step().taken().usage());
            committingSteps.add(step);
            appends.add(
                    new Append(
                            step.stream(),
                            step.expected(),
                            epoch,
                            List.of(step.step().entry(now, step.actor())),
                            List.of(),
                            List.of(),
                            List.of(),
                            null));
        }
        return appends;
    }

    private static Deed answer(Input.Stepped step, Deed.Permission permission) {
        return new Deed.Allow(step.run(), step.step().token(), step.name(), permission);
    }

    // ---- after the commit

    /// What became of the appends that [#collect] gave, in the same order, and so what is to be
    /// done now.
    public List<Deed> committed(List<Append.Result> results) {
        var deeds = new ArrayList<Deed>(soon);
        soon.clear();
        for (int i = 0; i < committingSteps.size(); i++) {
            deeds.add(kept(committingSteps.get(i), results.get(i)));
        }
        for (int i = 0; i < committing.size(); i++) {
            var owner = committing.get(i);
            switch (results.get(committingSteps.size() + i)) {
                case Append.Result.Committed _ -> done(owner, deeds);
                case Append.Result.Conflict conflict ->
                        halt(
                                owner.run,
                                new IllegalStateException(
                                        "someone else appended to the run: " + conflict));
                case Append.Result.Fenced fenced -> {
                    LOG.debug("the store has another owner: {}", fenced);
                    deeds.add(new Deed.Fenced());
                }
            }
        }
        int own = committingSteps.size() + committing.size();
        topics.committed(results.subList(own, results.size()), deeds);
        committing.clear();
        committingSteps.clear();
        lookout.found().forEach(this::queue);
        return deeds;
    }

    private static Deed kept(Input.Stepped step, Append.Result result) {
        return switch (result) {
            case Append.Result.Committed _ -> answer(step, new Deed.Permission.Noted());
            case Append.Result.Conflict conflict ->
                    answer(
                            step,
                            new Deed.Permission.Refused("another attempt goes on: " + conflict));
            case Append.Result.Fenced _ -> new Deed.Fenced();
        };
    }

    private void done(Owner owner, List<Deed> deeds) {
        var work = owner.committed();
        deeds.addAll(work.deeds);
        work.outbox.forEach(message -> deeds.add(new Deed.Deliver(message)));
        changed.put(owner.run, owner.loaded());
        lookout.note(owner.run, owner.state());
        for (var action : work.actions) {
            switch (action) {
                case Action.Perform perform -> deeds.add(perform(owner, perform));
                case Action.Stop(var token) -> deeds.add(new Deed.Stop(owner.run, token));
                case Action.Seek _,
                        Action.Announce _,
                        Action.Orphaned _,
                        Action.Call _,
                        Action.CancelChild _,
                        Action.Report _,
                        Action.Publish _,
                        Action.Post _,
                        Action.Subscribe _,
                        Action.Tell _ ->
                        throw new IllegalStateException("not for after a commit: " + action);
            }
        }
        work.tell.forEach(letter -> tell(owner, letter).ifPresent(deeds::add));
        if (!work.announced.isEmpty()) {
            var hash = owner.state().asked().team();
            deeds.add(announce(owner.run, hash, teams.get(hash), work.announced));
        }
        if (work.ended != null) {
            deeds.add(new Deed.Ended(owner.run, work.ended));
        }
        setAlarm(owner);
        schedule(owner);
        putAway(owner);
    }

    /// Those who follow a message and have not been heard; empty when there are none.
    private Optional<Deed> tell(Owner owner, RunState.Letter letter) {
        var state = owner.state();
        var team = teams.get(state.asked().team());
        var agents =
                Participant.toHear(state, team, letter).stream()
                        .map(id -> team.agent(id).orElseThrow())
                        .toList();
        return agents.isEmpty()
                ? Optional.empty()
                : Optional.of(new Deed.Tell(owner.run, agents, letter, state.asked().inputs()));
    }

    private Deed perform(Owner owner, Action.Perform attempt) {
        var goal = owner.state().asked();
        var team = teams.get(goal.team());
        return new Deed.Perform(
                owner.run,
                attempt,
                goal.team(),
                team,
                goal.inputs(),
                goal.name(),
                attempt.plans() ? dispatcher.evidence().shown(team) : List.of());
    }

    /// A run that is wanted again soon stays: to load it costs more the longer it is.
    private void putAway(Owner owner) {
        if (!isAtRest(owner)) {
            return;
        }
        if (!owner.isCalledBack()) {
            owners.remove(owner.run);
            calledBack.remove(owner.run);
            return;
        }
        // The last to rest stays the longest.
        calledBack.remove(owner.run);
        calledBack.add(owner.run);
        if (calledBack.size() > MOST_CALLED_BACK) {
            var eldest = owners.get(calledBack.removeFirst());
            if (eldest != null && isAtRest(eldest)) {
                owners.remove(eldest.run);
            }
        }
    }

    private boolean isAtRest(Owner owner) {
        boolean soon =
                owner.nextDue().filter(due -> due.isBefore(now.plus(WORTH_KEEPING))).isPresent();
        return owner.idle() && !soon && !dispatcher.waits(owner.run) && !awarding.waits(owner.run);
    }

    /// The runs that changed since this was last asked, as they are on disk.
    public List<Runs.Loaded> changed() {
        var runs = List.copyOf(changed.values());
        changed.clear();
        return runs;
    }
}

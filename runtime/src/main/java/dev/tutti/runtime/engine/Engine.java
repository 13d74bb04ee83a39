package dev.tutti.runtime.engine;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.Decision;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All runs of one store, as step functions.
///
/// [#accept] takes inputs, [#collect] lets the owners handle them and gives what is to be committed
/// together, [#committed] takes what became of it and says what to do. Between the last two, the
/// owners concerned handle nothing. Called from one thread.
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /// A run's share of one commit: inputs beyond this wait for the next.
    private static final int MOST_INPUTS = 1_000;

    private final JournalReader journal;
    private final Decider decider;
    private final Dispatcher dispatcher;
    private final Teams teams;
    private final long epoch;

    private final Map<StreamId, Owner> owners = new LinkedHashMap<>();
    private final Deque<Owner> toHandle = new ArrayDeque<>();
    private final List<Owner> committing = new ArrayList<>();
    private final List<Deed> soon = new ArrayList<>();
    private final Map<StreamId, Runs.Loaded> changed = new LinkedHashMap<>();
    private final Set<StreamId> halted = new HashSet<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparing(Alarm::at));
    private boolean dispatching = true;

    private record Alarm(Instant at, StreamId run) {}

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
        this.decider = decider;
        this.dispatcher = dispatcher;
        this.teams = new Teams(journal, teams);
        this.epoch = epoch;
    }

    /// Loads a run that something is due for. What it had under way when it was last held counts as
    /// crashed.
    public void wake(StreamId run, Instant at) {
        alarms.add(new Alarm(at, run));
    }

    /// No further attempts are begun; what is under way is still recorded.
    public void quiesce() {
        dispatching = false;
        dispatcher.sendAway();
    }

    /// When [#tick] has something to do next, or empty.
    public Optional<Instant> nextAlarm() {
        return Optional.ofNullable(alarms.peek()).map(Alarm::at);
    }

    /// Whether an owner has something to handle.
    public boolean busy() {
        return !toHandle.isEmpty();
    }

    /// Queues an input for the owner of its run.
    public void accept(Input input) {
        if (halted.contains(input.run())) {
            release(input);
            refuse(input, "the run is halted: its journal could not be read");
            return;
        }
        queue(input);
    }

    /// The place of an attempt that reports goes on when the report is handled, not before: so no
    /// start that uses it comes ahead of the report in the journal.
    private void release(Input input) {
        if (input instanceof Input.Told told
                && told.command() instanceof Command.Finish(var token, _, _)) {
            dispatcher.release(input.run(), token).forEach(this::take);
        }
    }

    private void take(Dispatcher.Turn turn) {
        queue(new Input.Told(turn.run(), new Command.Dispatch(List.of(turn.offer())), "engine"));
    }

    private void queue(Input input) {
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

    // ---- loading

    private Owner load(StreamId run) {
        var owner = new Owner(Runs.load(journal, run));
        hold(owner);
        owners.put(run, owner);
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
                case Action.Perform _, Action.Stop _ ->
                        throw new IllegalStateException("nothing that a load asks for: " + action);
            }
        }
        setAlarm(owner);
        return owner;
    }

    private void hold(Owner owner) {
        var state = owner.state();
        if (state.open().isEmpty()) {
            return;
        }
        var hash = state.asked().team();
        var agents = teams.get(hash).agents();
        state.open()
                .forEach((token, open) ->
                        agents.stream()
                                .filter(agent -> agent.id().equals(open.agent()))
                                .forEach(agent -> dispatcher.hold(owner.run, token, hash, agent)));
    }

    private static Input told(StreamId run, Command command) {
        return new Input.Told(run, command, "engine");
    }

    private void halt(StreamId run, Exception e) {
        LOG.error("run {} is halted and left as it is on disk", run, e);
        halted.add(run);
        dispatcher.forget(run);
        var owner = owners.remove(run);
        if (owner != null) {
            toHandle.remove(owner);
            var why = "the run is halted: " + e.getMessage();
            for (var input : owner.waiting) {
                release(input);
                refuse(input, why);
            }
            owner.unanswered().forEach(request -> soon.add(new Deed.Answer(request, why)));
        }
    }

    // ---- time

    /// Queues what is due.
    public void tick(Instant now) {
        while (!alarms.isEmpty() && !alarms.element().at().isAfter(now)) {
            ring(alarms.remove().run(), now);
        }
    }

    private void ring(StreamId run, Instant now) {
        if (halted.contains(run)) {
            return;
        }
        try {
            var owner = owners.get(run);
            if (owner == null) {
                owner = load(run);
            }
            owner.alarm = null;
            for (var timer : owner.state().timers().entrySet()) {
                if (!timer.getValue().isAfter(now)) {
                    owner.waiting.add(told(run, new Command.Fire(timer.getKey())));
                }
            }
            if (!owner.seek.isEmpty()) {
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
        var due = owner.state().nextDue();
        if (due.isPresent() && (owner.alarm == null || due.get().isBefore(owner.alarm))) {
            owner.alarm = due.get();
            alarms.add(new Alarm(due.get(), owner.run));
        }
    }

    // ---- handling

    /// Lets every owner that has something to handle do so, and gives the appends to commit, in the
    /// order in which they were decided.
    public List<Append> collect(Instant now) {
        var appends = new ArrayList<Append>();
        for (var owner = toHandle.poll(); owner != null; owner = toHandle.poll()) {
            owner.queued = false;
            try {
                var work = handle(owner, now);
                if (work.entries.isEmpty() && work.consumed.isEmpty()) {
                    soon.addAll(work.answers);
                    owner.committed();
                    putAway(owner);
                } else {
                    committing.add(owner);
                    appends.add(owner.append(work, epoch));
                }
            } catch (RuntimeException e) {
                halt(owner.run, e);
            }
        }
        return appends;
    }

    private Owner.Work handle(Owner owner, Instant now) {
        var work = owner.begin();
        for (int i = 0; i < MOST_INPUTS && !owner.waiting.isEmpty(); i++) {
            var input = owner.waiting.element();
            switch (input) {
                case Input.Told told -> {
                    release(told);
                    var decision = decide(owner, work, told.command(), told.actor(), "", now);
                    returnUnused(owner, told.command(), decision);
                }
                case Input.Asked asked -> ask(owner, work, asked, now);
            }
            owner.waiting.remove();
            if (!owner.seek.isEmpty() && work.after.started()) {
                var sought = List.copyOf(owner.seek);
                owner.seek.clear();
                dispatch(owner, work, sought, now);
            }
        }
        return work;
    }

    private void ask(Owner owner, Owner.Work work, Input.Asked asked, Instant now) {
        String refusal = null;
        try {
            var command = command(owner, work, asked);
            var decision = decide(owner, work, command, asked.actor(), asked.id(), now);
            if (decision.rejection() != null) {
                refusal = decision.rejection().message();
            }
        } catch (IllegalArgumentException e) {
            refusal = e.getMessage();
        }
        if (refusal != null) {
            var refused = new Event.Refused(asked.request().kind(), refusal);
            work.entries.add(entry(refused, asked.actor(), asked.id(), now));
            work.after = work.after.evolve(refused);
        }
        if (asked.message() != null) {
            work.consumed.add(asked.message());
        }
        work.answers.add(new Deed.Answer(asked.id(), refusal));
    }

    private Command command(Owner owner, Owner.Work work, Input.Asked asked) {
        return switch (asked.request()) {
            case Request.Cancel(var reason) -> new Command.Cancel(reason);
            case Request.Start(var name, var definition, var inputs) -> {
                var team = teams.read(definition);
                var workflow =
                        team.workflow(name)
                                .orElseThrow(() ->
                                        new IllegalArgumentException(
                                                "the team has no workflow `" + name + "`"));
                work.definitions.add(definition);
                yield start(owner, definition.hash(), workflow, inputs);
            }
        };
    }

    private static Command start(
            Owner owner, String team, Workflow workflow, dev.tutti.core.event.Value.Struct inputs) {
        return new Command.Start(
                owner.run.run(),
                workflow.name(),
                team,
                inputs,
                workflow.tasks(),
                workflow.output());
    }

    private Decision decide(
            Owner owner,
            Owner.Work work,
            Command command,
            String actor,
            String cause,
            Instant now) {
        var decision = decider.decide(work.after, command, new Decider.Facts(now));
        work.entries.addAll(
                decision.steps().stream()
                        .map(step -> entry(step.event(), actor, cause, now))
                        .toList());
        var seek = new ArrayList<Action.Seek>();
        for (var step : decision.steps()) {
            if (step.event() instanceof Event.Closing || step.event() instanceof Event.Ended) {
                dispatcher.forget(owner.run);
                seek.clear();
            }
            for (var action : Action.of(step.before(), step.event())) {
                if (action instanceof Action.Seek one) {
                    seek.add(one);
                } else {
                    work.actions.add(action);
                }
            }
            if (step.event() instanceof Event.Ended ended) {
                work.ended = ended.status();
            }
        }
        work.after = decision.after();
        if (!seek.isEmpty()) {
            dispatch(owner, work, seek, now);
        }
        return decision;
    }

    /// Finds places for tasks that became ready, so that their start is part of the same append.
    private void dispatch(Owner owner, Owner.Work work, List<Action.Seek> seek, Instant now) {
        if (!dispatching) {
            return;
        }
        var hash = work.after.asked().team();
        var team = team(work, hash);
        var offers = new ArrayList<Offer>();
        for (var one : seek) {
            dispatcher
                    .offer(owner.run, one.task(), one.performer(), hash, team)
                    .ifPresent(offers::add);
        }
        if (!offers.isEmpty()) {
            var command = new Command.Dispatch(offers);
            returnUnused(owner, command, decide(owner, work, command, "engine", "", now));
        }
    }

    private Team team(Owner.Work work, String hash) {
        return work.definitions.stream()
                .filter(definition -> definition.hash().equals(hash))
                .findFirst()
                .map(teams::read)
                .orElseGet(() -> teams.get(hash));
    }

    /// Offers become grants where an assignment used them; the others go back at once.
    private void returnUnused(Owner owner, Command command, Decision decision) {
        if (!(command instanceof Command.Dispatch(var offers)) || offers.isEmpty()) {
            return;
        }
        var team = decision.after().asked().team();
        var used = new HashMap<dev.tutti.core.event.TaskId, Long>();
        for (var event : decision.events()) {
            if (event instanceof Event.Assigned assigned) {
                used.put(assigned.task(), assigned.token());
            }
        }
        for (var offer : offers) {
            var token = used.get(offer.task());
            if (token != null) {
                dispatcher.grant(owner.run, token, team, offer);
            } else {
                dispatcher.giveBack(team, offer).forEach(this::take);
            }
        }
    }

    private static NewEntry entry(Event event, String actor, String cause, Instant now) {
        var encoded = EventCodec.encode(event);
        return new NewEntry(
                encoded.type(), encoded.version(), now, actor, cause, null, encoded.payload());
    }

    // ---- after the commit

    /// What became of the appends that [#collect] gave, in the same order, and so what is to be
    /// done now.
    public List<Deed> committed(List<Append.Result> results) {
        var deeds = new ArrayList<Deed>(soon);
        soon.clear();
        for (int i = 0; i < committing.size(); i++) {
            var owner = committing.get(i);
            switch (results.get(i)) {
                case Append.Result.Committed _ -> done(owner, deeds);
                case Append.Result.Conflict conflict ->
                        halt(
                                owner.run,
                                new IllegalStateException(
                                        "someone else appended to the run: " + conflict));
                case Append.Result.Fenced fenced -> {
                    LOG.error("the store has another owner: {}", fenced);
                    deeds.add(new Deed.Fenced());
                }
            }
        }
        committing.clear();
        return deeds;
    }

    private void done(Owner owner, List<Deed> deeds) {
        var work = owner.committed();
        deeds.addAll(work.answers);
        changed.put(owner.run, owner.loaded());
        for (var action : work.actions) {
            switch (action) {
                case Action.Perform perform -> deeds.add(perform(owner, perform));
                case Action.Stop(var token) -> deeds.add(new Deed.Stop(owner.run, token));
                case Action.Seek _, Action.Orphaned _ ->
                        throw new IllegalStateException("not for after a commit: " + action);
            }
        }
        if (work.ended != null) {
            deeds.add(new Deed.Ended(owner.run, work.ended));
        }
        setAlarm(owner);
        schedule(owner);
        putAway(owner);
    }

    private Deed perform(Owner owner, Action.Perform attempt) {
        var goal = owner.state().asked();
        return new Deed.Perform(
                owner.run, attempt, goal.team(), teams.get(goal.team()), goal.inputs());
    }

    private void putAway(Owner owner) {
        if (owner.idle() && !dispatcher.waits(owner.run)) {
            owners.remove(owner.run);
        }
    }

    /// The runs that changed since this was last asked, as they are on disk.
    public List<Runs.Loaded> changed() {
        var runs = List.copyOf(changed.values());
        changed.clear();
        return runs;
    }
}

package dev.tutti.runtime.engine;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.dispatch.PastBids;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Blackboard;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.Decision;
import dev.tutti.core.run.Delegating;
import dev.tutti.core.run.Effects;
import dev.tutti.core.run.Participant;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.StandIn;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.dispatch.Circuit;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.dispatch.Want;
import dev.tutti.runtime.dispatch.Wish;
import dev.tutti.runtime.evidence.Content;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How the owner of a run handles what waits for it: decides, finds places for what became ready in
/// the same append, and writes down what other runs are to be told.
final class Handler {
    /// A run's share of one commit: inputs beyond this wait for the next.
    private static final int MOST_INPUTS = 1_000;

    private static final int PAGE = 2_000;

    private final JournalReader journal;
    private final Decider decider;
    private final Dispatcher dispatcher;
    private final Teams teams;
    private final Awarding awarding;
    private final Predicate<StreamId> minded;
    private final Consumer<Dispatcher.Turn> take;
    private boolean dispatching = true;

    /// @param minded whether a trigger minds that a run ends
    /// @param take hands an offer to a run that waited for it
    Handler(
            JournalReader journal,
            Decider decider,
            Dispatcher dispatcher,
            Teams teams,
            Awarding awarding,
            Predicate<StreamId> minded,
            Consumer<Dispatcher.Turn> take) {
        this.journal = journal;
        this.decider = decider;
        this.dispatcher = dispatcher;
        this.teams = teams;
        this.awarding = awarding;
        this.minded = minded;
        this.take = take;
    }

    /// No further attempts are begun.
    void quiesce() {
        dispatching = false;
    }

    /// Whether attempts are begun.
    boolean dispatches() {
        return dispatching;
    }

    /// The place of an attempt that reports goes on when the report is handled, not before: so no
    /// start that uses it comes ahead of the report in the journal.
    void release(Input input, Instant now) {
        if (!(input instanceof Input.Told told)) {
            return;
        }
        switch (told.command()) {
            case Command.Finish(var token, _, _, _) -> dispatcher.release(input.run(), token, now);
            case Command.Suspend suspend -> dispatcher.release(input.run(), suspend.token(), now);
            case Command.AwaitErrands awaited ->
                    dispatcher.release(input.run(), awaited.token(), now);
            default -> {}
        }
    }

    Owner.Work handle(Owner owner, Instant now) {
        var work = owner.begin();
        for (int i = 0; i < MOST_INPUTS && !owner.waiting.isEmpty(); i++) {
            switch (owner.waiting.element()) {
                case Input.Told told -> tell(owner, work, told, now);
                case Input.Asked asked -> ask(owner, work, asked, now);
                case Input.Sign _, Input.Stepped _ -> {}
            }
            owner.waiting.remove();
            dispatcher.serve(now).forEach(take);
            if (!owner.seek.isEmpty() && work.after.started()) {
                var sought = List.copyOf(owner.seek);
                owner.seek.clear();
                dispatch(owner, work, latest(work.after, sought), now);
            }
            award(owner, work, now);
            awarding.freed(owner.run, now);
            awarding.claims(now);
            dispatcher.serve(now).forEach(take);
        }
        return work;
    }

    // ---- from inside

    private void tell(Owner owner, Owner.Work work, Input.Told told, Instant now) {
        release(told, now);
        if (told.command() instanceof Command.ClaimTask claim && isOff(claim.agent())) {
            claimedTooLate(owner, work, claim);
            return;
        }
        var command =
                told.command() instanceof Command.Dispatch(var offers)
                        ? new Command.Dispatch(standing(owner, work, offers, now))
                        : told.command();
        var decision = decide(owner, work, command, told.actor(), "", now);
        returnUnused(owner, work, command, decision, now);
        if (told.command() instanceof Command.ClaimTask claim) {
            claimed(owner, work, claim, decision);
        }
        switch (told.command()) {
            case Command.Intend(var token, var name) ->
                    work.deeds.add(
                            new Deed.Allow(
                                    owner.run, token, name, permission(decision, token, name)));
            case Command.NoteEffect(var token, var name, _) ->
                    work.deeds.add(
                            new Deed.Allow(owner.run, token, name, new Deed.Permission.Noted()));
            case Command.Withdraw(var token, var name, _) ->
                    work.deeds.add(
                            new Deed.Allow(owner.run, token, name, new Deed.Permission.Noted()));
            case Command.WriteNote write ->
                    work.deeds.add(
                            new Deed.Allow(
                                    owner.run,
                                    write.token(),
                                    Attempt.writing(write.name()),
                                    noted(decision, write)));
            case Command.Delegate errand ->
                    work.deeds.add(
                            new Deed.Allow(
                                    owner.run,
                                    errand.token(),
                                    Attempt.delegating(errand.name()),
                                    delegated(decision, errand)));
            case Command.ReadNote(var token, var key) ->
                    work.deeds.add(
                            new Deed.Allow(
                                    owner.run, token, Attempt.reading(key), shown(decision, key)));
            default -> {}
        }
    }

    private boolean isOff(AgentId agent) {
        return dispatcher.places().isOff(agent);
    }

    /// The offers that still stand: a place at an agent that was switched off since goes back, and
    /// the task looks for another.
    private List<Offer> standing(Owner owner, Owner.Work work, List<Offer> offers, Instant now) {
        var standing = new ArrayList<Offer>(offers.size());
        for (var offer : offers) {
            var agent = offer.agent();
            if (agent == null || !isOff(agent.id()) || !work.after.started()) {
                standing.add(offer);
                continue;
            }
            var team = work.after.asked().team();
            dispatcher.giveBack(owner.run, team, offer, now).forEach(take);
            Action.seeks(work.after).stream()
                    .filter(seek -> seek.task().equals(offer.task()))
                    .forEach(owner.seek::add);
        }
        return standing;
    }

    /// An agent that was switched off since it claimed a task leaves it to others.
    private void claimedTooLate(Owner owner, Owner.Work work, Command.ClaimTask claim) {
        if (!work.after.started()) {
            return;
        }
        var hash = work.after.asked().team();
        var team = team(work, hash);
        giveBack(hash, team, claim.agent());
        dispatcher.places().changed();
        if (dispatching && !work.after.paused()) {
            Action.announcements(work.after).stream()
                    .filter(one -> one.task().equals(claim.task()) && one.deadline() == null)
                    .forEach(one -> awarding.offer(owner.run, hash, team, one));
        }
    }

    private static Deed.Permission noted(Decision decision, Command.WriteNote write) {
        if (decision.rejection() != null) {
            return new Deed.Permission.Refused(decision.rejection().message());
        }
        var task = decision.after().attempt(write.token()).task();
        var made = Blackboard.made(decision.after(), task, write.name());
        return told(decision.after(), write.key(), made.isPresent());
    }

    /// The answer is the name of the task that was begun.
    private static Deed.Permission delegated(Decision decision, Command.Delegate errand) {
        var rejection = decision.rejection();
        if (rejection != null) {
            return new Deed.Permission.Refused(rejection.message());
        }
        var by = decision.after().attempt(errand.token()).task();
        return Delegating.find(decision.after(), by, errand.name())
                .<Deed.Permission>map(task -> new Deed.Permission.Told(true, 0, Value.text(task)))
                .orElseGet(() -> new Deed.Permission.Refused("it was not begun"));
    }

    private static Deed.Permission shown(Decision decision, String key) {
        return decision.rejection() != null
                ? new Deed.Permission.Refused(decision.rejection().message())
                : told(decision.after(), key, false);
    }

    private static Deed.Permission told(RunState state, String key, boolean made) {
        var note = state.notes().of(key);
        return note == null
                ? new Deed.Permission.Told(made, 0, Value.NULL)
                : new Deed.Permission.Told(made, note.version(), note.value());
    }

    private static Deed.Permission permission(Decision decision, long token, String name) {
        var rejection = decision.rejection();
        if (rejection != null) {
            return new Deed.Permission.Refused(rejection.message());
        }
        var open = decision.after().open().get(token);
        if (open == null) {
            return new Deed.Permission.Refused("the attempt is over");
        }
        var task = open.task();
        var effect = Effects.find(decision.after(), task, name);
        if (effect == null) {
            return new Deed.Permission.Refused("the effect is not on record");
        }
        return effect.outcome() != null
                ? new Deed.Permission.Done(effect.outcome())
                : new Deed.Permission.Go(effect.key());
    }

    // ---- from outside

    private void ask(Owner owner, Owner.Work work, Input.Asked asked, Instant now) {
        var earlier =
                asked.request().byPerson()
                        ? handledBefore(owner, work, asked.id())
                        : Optional.<NewEntry>empty();
        var refusal =
                earlier.isPresent() ? refusal(earlier.get()) : carryOut(owner, work, asked, now);
        if (refusal != null && earlier.isEmpty() && asked.request().byPerson()) {
            var refused = new Event.Refused(asked.request().kind(), refusal);
            work.entries.add(entry(refused, asked.actor(), asked.id(), now));
            work.after = work.after.evolve(refused);
        }
        if (refusal != null && asked.request() instanceof Request.Begin && !work.after.started()) {
            tellOver(owner, work, now);
        }
        if (asked.message() != null) {
            work.consumed.add(asked.message());
        }
        work.deeds.add(new Deed.Answer(asked.id(), refusal));
    }

    private @Nullable String carryOut(
            Owner owner, Owner.Work work, Input.Asked asked, Instant now) {
        try {
            var command = command(owner, work, asked);
            if (command instanceof Command.Finish finish) {
                release(new Input.Told(owner.run, finish, asked.actor()), now);
            }
            var decision = decide(owner, work, command, asked.actor(), asked.id(), now);
            return decision.rejection() == null ? null : decision.rejection().message();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /// The first thing that a request of this id led to: one that comes twice is handled once, and
    /// answered as it was.
    private Optional<NewEntry> handledBefore(Owner owner, Owner.Work work, String id) {
        long sequence = 0;
        while (owner.state().sequence() > sequence) {
            var page = journal.read(owner.run, sequence, PAGE);
            var found =
                    page.stream()
                            .map(Entry::event)
                            .filter(entry -> entry.cause().equals(id))
                            .findFirst();
            if (found.isPresent() || page.isEmpty()) {
                return found;
            }
            sequence = page.getLast().sequence();
        }
        return work.entries.stream().filter(entry -> entry.cause().equals(id)).findFirst();
    }

    private static @Nullable String refusal(NewEntry entry) {
        var event = EventCodec.decode(entry.type(), entry.version(), entry.payload());
        return event instanceof Event.Refused refused ? refused.reason() : null;
    }

    private Command command(Owner owner, Owner.Work work, Input.Asked asked) {
        var run = owner.run.run();
        return switch (asked.request()) {
            case Request.Start(var name, var definition, var inputs, var standIns, var budget) -> {
                var workflow = Handler.workflow(teams.read(definition), name);
                work.definitions.add(definition);
                yield start(
                        asked,
                        workflow,
                        definition.hash(),
                        inputs,
                        null,
                        workflow.budget().within(budget),
                        standIns,
                        null);
            }
            case Request.Call(var name, var team, var inputs, var origin, var budget, var until) ->
                    start(
                            asked,
                            Handler.workflow(teams.get(team), name),
                            team,
                            inputs,
                            origin,
                            budget,
                            List.of(),
                            until);
            case Request.Fork(var from, var at, var refire, var edit, var reason) ->
                    new Command.Fork(
                            run, events(owner.run, from), at, refire, edit, asked.actor(), reason);
            case Request.Report(var token, var outcome, var used) ->
                    new Command.Finish(token, outcome, List.of(), used);
            case Request.Deliver(var type, var data) -> new Command.Deliver(asked.id(), type, data);
            case Request.Hand(var token, var type, var data) ->
                    new Command.Hand(token, asked.id(), type, data);
            case Request.Begin(var name, var team, var inputs) -> {
                var workflow = Handler.workflow(teams.get(team), name);
                yield start(
                        asked, workflow, team, inputs, null, workflow.budget(), List.of(), null);
            }
            case Request.Publish _,
                    Request.Subscribe _,
                    Request.Unsubscribe _,
                    Request.Deploy _,
                    Request.Withdraw _,
                    Request.Over _,
                    Request.Switch _ ->
                    throw new IllegalArgumentException(
                            asked.request().kind() + " is nothing to ask of a run");
            case Request.Answer answer ->
                    new Command.Answer(
                            answer.question(),
                            answer.answer(),
                            asked.actor(),
                            answer.comment(),
                            answer.hash(),
                            answer.edited());
            case Request.Intervene(var verb, var reason, var expected) ->
                    new Command.Intervene(verb, reason, expected);
        };
    }

    private static Command.Start start(
            Input.Asked asked,
            Workflow workflow,
            String team,
            Value.Struct inputs,
            Origin.@Nullable Child origin,
            Budget budget,
            List<StandIn> standIns,
            @Nullable Instant until) {
        return new Command.Start(
                asked.run().run(),
                workflow.name(),
                team,
                inputs,
                workflow.tasks(),
                workflow.output(),
                asked.actor(),
                workflow.onStall(),
                origin,
                workflow.planner(),
                budget,
                workflow.mode(),
                standIns,
                until);
    }

    private static Workflow workflow(Team team, String name) {
        return team.workflow(name)
                .orElseThrow(() ->
                        new IllegalArgumentException("the team has no workflow `" + name + "`"));
    }

    private List<Event> events(StreamId near, RunId run) {
        var stream = StreamId.run(near.tenant(), run);
        var events = new ArrayList<Event>();
        while (true) {
            var page = journal.read(stream, events.size(), PAGE);
            page.forEach(entry -> events.add(Runs.event(entry)));
            if (page.size() < PAGE) {
                break;
            }
        }
        if (events.isEmpty()) {
            throw new IllegalArgumentException("there is no run " + run);
        }
        return events;
    }

    // ---- deciding

    private Decision decide(
            Owner owner,
            Owner.Work work,
            Command command,
            String actor,
            String cause,
            Instant now) {
        var team = team(work, command);
        var facts =
                new Decider.Facts(
                        now,
                        team,
                        owner::spent,
                        (agent, performer) ->
                                team.agent(agent)
                                        .map(one -> dispatcher.evidence().past(one, performer))
                                        .orElse(PastBids.NONE),
                        performer -> dispatcher.evidence().voters(performer, team),
                        dispatcher.evidence()::nearness,
                        (agent, performer) ->
                                team.agent(agent)
                                        .flatMap(one ->
                                                dispatcher.evidence().expected(one, performer)),
                        planner -> dispatcher.capacity(hash(work, command), team, planner, now));
        var decision = decider.decide(work.after, command, facts);
        var seek = new ArrayList<Action.Seek>();
        var announced = new ArrayList<Action.Announce>();
        for (var step : decision.steps()) {
            work.entries.add(entry(step.event(), actor, cause, now));
            if (step.takenOver()) {
                continue;
            }
            note(step, now);
            dispatcher.evidence().see(owner.run, step.before(), step.event(), now, facts.team());
            releasePerson(owner, step, now);
            if (!(command instanceof Command.Hand)) {
                unsubscribe(owner, work, step, now);
            }
            if (givesUpPlaces(step.event())) {
                dispatcher.forget(owner.run, now).forEach(take);
                awarding.forget(owner.run);
                seek.clear();
            }
            for (var action : Action.of(step.before(), step.event())) {
                switch (action) {
                    case Action.Seek one -> seek.add(one);
                    case Action.Announce one -> announced.add(one);
                    case Action.Call _,
                            Action.CancelChild _,
                            Action.Report _,
                            Action.Publish _,
                            Action.Post _,
                            Action.Subscribe _ ->
                            Outbox.message(
                                            owner.run,
                                            step,
                                            action,
                                            work.outbox.size(),
                                            owner.began(now),
                                            now)
                                    .ifPresent(work.outbox::add);
                    case Action.Perform perform -> {
                        if (!isHuman(facts.team(), perform.agent())) {
                            work.actions.add(perform);
                        }
                    }
                    case Action.Tell(var letter) -> work.tell.add(letter);
                    case Action.Stop _, Action.Orphaned _ -> work.actions.add(action);
                }
            }
            if (step.event() instanceof Event.Ended ended) {
                work.ended = ended.status();
                tellOver(owner, work, now);
            }
        }
        work.after = decision.after();
        if (command instanceof Command.Fork) {
            seek.clear();
            seek.addAll(Action.seeks(work.after));
            work.tell.addAll(Participant.unheard(work.after, facts.team()));
            announced.addAll(Action.announcements(work.after));
        }
        announced.forEach(one -> announced(owner, work, facts.team(), one));
        dispatch(owner, work, latest(work.after, seek), now);
        return decision;
    }

    /// One for each task, and only for tasks that are still ready: a place set aside for another
    /// would never be given back.
    private static List<Action.Seek> latest(RunState state, List<Action.Seek> seek) {
        var latest = new LinkedHashMap<TaskId, Action.Seek>();
        for (var one : seek) {
            var task = state.tasks().get(one.task());
            if (task != null
                    && task.phase() == TaskState.Phase.READY
                    && !state.auctions().holds(one.task())) {
                latest.put(one.task(), one);
            }
        }
        return List.copyOf(latest.values());
    }

    /// What a person is given is a question, which needs nobody to perform it.
    private static boolean isHuman(Team team, AgentId id) {
        return team.agent(id).filter(Agent::isHuman).isPresent();
    }

    private static boolean givesUpPlaces(Event event) {
        return event instanceof Event.Closing
                || event instanceof Event.Ended
                || event instanceof Event.Paused;
    }

    /// A trigger that minds the run hears that it is over.
    private void tellOver(Owner owner, Owner.Work work, Instant now) {
        if (minded.test(owner.run)) {
            work.outbox.add(Outbox.over(owner.run, now));
        }
    }

    /// A task that went on without the message of a topic that it waited for says so.
    private static void unsubscribe(Owner owner, Owner.Work work, Decision.Step step, Instant now) {
        long token = AttemptEnd.token(step.event());
        var open = step.before().open().get(token);
        if (open != null
                && open.doer() instanceof RunState.Doer.Message(_, var topic)
                && topic != null) {
            work.outbox.add(Outbox.unsubscribe(owner.run, step, token, work.outbox.size(), now));
        }
    }

    /// A person who was asked does not report: the locks of the task are free once the attempt is
    /// over.
    private void releasePerson(Owner owner, Decision.Step step, Instant now) {
        long token = AttemptEnd.token(step.event());
        var open = step.before().open().get(token);
        if (open != null && open.doer() instanceof RunState.Doer.Person) {
            dispatcher.release(owner.run, token, now);
        }
    }

    /// How an attempt went is remembered of its agent.
    private void note(Decision.Step step, Instant now) {
        Circuit.Told.of(step.event())
                .ifPresent(told -> note(step.before(), told.token(), told.well(), now));
    }

    private void note(RunState before, long token, boolean well, Instant now) {
        if (before.attempt(token).doer() instanceof RunState.Doer.Agent(AgentId agent)) {
            dispatcher.noted(before.asked().team(), agent, well, now).forEach(take);
        }
    }

    /// Finds places for tasks that became ready, so that their start is part of the same append.
    private void dispatch(Owner owner, Owner.Work work, List<Action.Seek> seek, Instant now) {
        if (seek.isEmpty() || !dispatching || work.after.paused()) {
            return;
        }
        var hash = work.after.asked().team();
        var team = team(work, hash);
        var wants = new ArrayList<Want>(seek.size());
        for (var one : seek) {
            wants.add(
                    new Want(
                            owner.run,
                            one.task(),
                            one.performer(),
                            hash,
                            one.excluded(),
                            one.preferred(),
                            one.locks(),
                            wish(owner, work.after, one, team.terms()),
                            one.denied()));
        }
        wants.sort(Want.ORDER);
        var offers = new ArrayList<Offer>();
        for (var want : wants) {
            dispatcher.offer(want, team, now).ifPresent(offers::add);
        }
        for (var turn : dispatcher.serve(now)) {
            if (turn.run().equals(owner.run)) {
                offers.add(turn.offer());
            } else {
                take.accept(turn);
            }
        }
        if (!offers.isEmpty()) {
            var command = new Command.Dispatch(offers);
            returnUnused(
                    owner, work, command, decide(owner, work, command, "engine", "", now), now);
        }
    }

    // ---- among agents

    /// Agents are asked for bids once the announcement is on disk; they claim as they have places.
    private void announced(Owner owner, Owner.Work work, Team team, Action.Announce task) {
        if (task.deadline() != null) {
            work.announced.add(task);
        } else if (dispatching) {
            awarding.offer(owner.run, work.after.asked().team(), team, task);
        }
    }

    /// Gives away what takes no bids any more, to those who have a place.
    private void award(Owner owner, Owner.Work work, Instant now) {
        boolean more;
        do {
            more = awardOnce(owner, work, now);
        } while (more);
    }

    /// @return whether a place is left that another task of the run may have: one that was to have
    ///   it cannot begin
    private boolean awardOnce(Owner owner, Owner.Work work, Instant now) {
        if (!dispatching || !work.after.auctions().isDue() || work.after.paused()) {
            return false;
        }
        var hash = work.after.asked().team();
        var team = team(work, hash);
        var after = work.after;
        var wanted = after.auctions().bidders(task -> after.wants(task.name()));
        var aside = awarding.setAside(owner.run, hash, team, wanted, now);
        if (aside.isEmpty()) {
            return false;
        }
        var decision = decide(owner, work, new Command.Award(aside), "agents", "", now);
        var left = new ArrayList<>(aside);
        for (var event : decision.events()) {
            if (event instanceof Event.Assigned e && left.remove(e.agent())) {
                begun(owner, decision.after(), team, e.task(), e.token(), e.agent());
            } else if (event instanceof Event.ChildStarted e && e.agent() != null) {
                left.remove(e.agent());
            }
        }
        left.forEach(agent -> giveBack(hash, team, agent));
        return !left.isEmpty() && !decision.events().isEmpty();
    }

    /// A claim that came too late gives its place back.
    private void claimed(Owner owner, Owner.Work work, Command.ClaimTask claim, Decision decision) {
        if (!decision.after().started()) {
            return;
        }
        var hash = decision.after().asked().team();
        var team = team(work, hash);
        for (var event : decision.events()) {
            if (event instanceof Event.Assigned e && e.task().equals(claim.task())) {
                begun(owner, decision.after(), team, e.task(), e.token(), e.agent());
                return;
            }
        }
        giveBack(hash, team, claim.agent());
        dispatcher.places().changed();
    }

    private void giveBack(String hash, Team team, AgentId id) {
        team.agent(id)
                .filter(Agent::needsPlace)
                .ifPresent(agent -> dispatcher.giveBack(hash, agent));
    }

    private void begun(
            Owner owner, RunState after, Team team, TaskId task, long token, AgentId agent) {
        var offer = new Offer(task, team.agent(agent).orElse(null), List.of());
        if (needsGrant(after, offer)) {
            dispatcher.grant(owner.run, token, after.asked().team(), offer);
        }
    }

    /// How an agent is chosen for a task, and when its turn is. The one who has a second look, or
    /// takes something back, is chosen as the team says.
    private Wish wish(Owner owner, RunState state, Action.Seek seek, Terms terms) {
        var evidence = dispatcher.evidence();
        var declared = state.declaration(seek.task());
        double rank = state.choreographed() ? 0 : rank(owner, state, seek.task().name());
        var of = terms.of(state.asked().name(), seek.task().name());
        boolean own = seek.performer().equals(declared.performer());
        var choice = own ? of.choice() : terms.choice();
        if (seek.only() != null && seek.performer() instanceof Performer.BySkill) {
            choice = Terms.Choice.of(seek.only());
        } else if (choice.isByAgents() || !(seek.performer() instanceof Performer.BySkill)) {
            choice = Terms.Choice.ROUND_ROBIN;
        }
        boolean weighs = choice.way() == Terms.Way.LEARNED || choice.way() == Terms.Way.BEST;
        var content =
                weighs
                        ? evidence.content(state.task(seek.task()).input(), terms.worth())
                        : Content.UNKNOWN;
        double weight = terms.weight(state.asked().name());
        var input =
                choice.way() == Terms.Way.CUSTOM
                        ? state.task(seek.task()).input()
                        : Value.Struct.EMPTY;
        return new Wish(choice, of.priority(), rank, content, weight, input);
    }

    /// How long a way its plan has to go from a task on.
    private double rank(Owner owner, RunState state, String task) {
        var evidence = dispatcher.evidence();
        return owner.ranks()
                .of(
                        task,
                        state.graph(),
                        one -> evidence.seconds(one.performer()),
                        evidence.verdicts());
    }

    private Team team(Owner.Work work, Command command) {
        var hash = hash(work, command);
        return hash.isEmpty() ? Team.NOBODY : team(work, hash);
    }

    /// The hash of the team's definition; empty where there is no run yet.
    private static String hash(Owner.Work work, Command command) {
        if (command instanceof Command.Start start) {
            return start.team();
        }
        if (command instanceof Command.Fork fork
                && fork.source().getFirst() instanceof Event.RunStarted start) {
            return start.team();
        }
        return work.after.started() ? work.after.asked().team() : "";
    }

    private Team team(Owner.Work work, String hash) {
        return work.definitions.stream()
                .filter(definition -> definition.hash().equals(hash))
                .findFirst()
                .map(teams::read)
                .orElseGet(() -> teams.get(hash));
    }

    /// Offers become grants where an attempt used them; the others go back at once.
    private void returnUnused(
            Owner owner, Owner.Work work, Command command, Decision decision, Instant now) {
        if (!(command instanceof Command.Dispatch(var offers)) || offers.isEmpty()) {
            return;
        }
        var team = decision.after().asked().team();
        var used = new HashMap<TaskId, Long>();
        for (var event : decision.events()) {
            if (event instanceof Event.Assigned e) {
                used.put(e.task(), e.token());
            } else if (event instanceof Event.ChildStarted e) {
                used.put(e.task(), e.token());
            }
        }
        for (var offer : offers) {
            var token = used.get(offer.task());
            if (token == null || isOver(work.after, offer, token)) {
                dispatcher.giveBack(owner.run, team, offer, now).forEach(take);
            } else if (needsGrant(decision.after(), offer)) {
                dispatcher.grant(owner.run, token, team, offer);
            }
        }
    }

    /// A person who was asked by a run that ended in the same step has nothing to report.
    private static boolean isOver(RunState after, Offer offer, long token) {
        var agent = offer.agent();
        return agent != null && agent.isHuman() && !after.open().containsKey(token);
    }

    /// People and runs of their own take no place; only their locks must be kept.
    private static boolean needsGrant(RunState after, Offer offer) {
        var agent = offer.agent();
        return (agent != null && agent.needsPlace())
                || !after.task(offer.task()).course().locks().isEmpty();
    }

    static NewEntry entry(Event event, String actor, String cause, Instant now) {
        var encoded = EventCodec.encode(event);
        return new NewEntry(
                encoded.type(), encoded.version(), now, actor, cause, null, encoded.payload());
    }
}

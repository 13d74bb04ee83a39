package dev.tutti.core.run;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Event.ClaimLost;
import dev.tutti.core.event.Event.Claimed;
import dev.tutti.core.event.Event.Declined;
import dev.tutti.core.event.Event.ExpectationMet;
import dev.tutti.core.event.Event.Expected;
import dev.tutti.core.event.Event.MessageReceived;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Event.Unanswered;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Decision.Refusal;
import dev.tutti.core.run.RunState.Letter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run that nobody directs: what is said is there for all to read, agents take up what their
/// contracts say by an append of their own, and nothing is checked but that they may.
///
/// A task is what an agent gives itself when it takes up a message; what it says when it is done is
/// there for the next. Nobody plans and nobody is given anything.
final class Choreographing {
    private Choreographing() {}

    private static @Nullable Choreography of(Draft draft) {
        return draft.facts()
                .team()
                .workflow(draft.state().asked().name())
                .map(Workflow::choreography)
                .orElse(null);
    }

    // ---- what is said

    /// Says what the workflow begins with.
    static void begin(Draft draft) {
        var choreography = draft.state().choreographed() ? of(draft) : null;
        if (choreography == null) {
            return;
        }
        int number = 0;
        for (var opening : choreography.openings()) {
            try {
                var data = draft.render(opening.data(), draft.scope());
                post(draft, "start/" + ++number, opening.type(), data);
            } catch (ExpressionException e) {
                throw new Refusal(
                        "`"
                                + opening.type()
                                + "` cannot be said: "
                                + String.valueOf(e.getMessage()));
            }
        }
    }

    /// Puts a message where all can read it.
    static void post(Draft draft, String id, String type, Value data) {
        var choreography = of(draft);
        var state = draft.state();
        if (state.ending() != null || letter(state, id) != null) {
            return;
        }
        int most = choreography == null ? Choreography.DEFAULT_MOST : choreography.most();
        if (state.mailbox().size() >= most) {
            var failure =
                    new Failure.Permanent(
                            "limit_exceeded",
                            "more than " + most + " messages were said, the last of type " + type);
            Endings.close(draft, Status.FAILED, failure.message(), failure);
            return;
        }
        var letter = new Letter(id, type, data);
        draft.emit(new MessageReceived(id, type, data, null, true));
        if (choreography == null) {
            return;
        }
        follows(draft, choreography, letter);
        if (!Participant.toHear(draft.state(), draft.facts().team(), letter).isEmpty()) {
            expectAnswer(draft, choreography, letter);
        }
    }

    /// What a finished task says, in the words of its agent's contract.
    ///
    /// @param data what is said
    record Said(String type, Value data) {}

    /// What the agent says now that it is done. Nothing where the task was not taken up.
    static List<Said> said(Draft draft, TaskId id, Value output) {
        var claim = draft.state().board().claim(id.name());
        var agent = claim == null ? null : agent(draft, claim.agent());
        if (agent == null) {
            return List.of();
        }
        var scope = draft.scope().of(id).with("output", output);
        var said = new ArrayList<Said>();
        for (var emission : agent.contract().emissions()) {
            if (emission.when() == null
                    || Planning.isTrue("when", draft.render(emission.when(), scope))) {
                said.add(new Said(emission.type(), draft.render(emission.data(), scope)));
            }
        }
        return said;
    }

    static void say(Draft draft, TaskId id, List<Said> said) {
        for (var one : said) {
            post(draft, id.name() + "/" + draft.nextSequence(), one.type(), one.data());
        }
    }

    static @Nullable Letter letter(RunState state, String message) {
        return state.mailbox().stream()
                .filter(letter -> letter.id().equals(message))
                .findFirst()
                .orElse(null);
    }

    /// What the message says that the task was taken up for, or null.
    static @Nullable Value message(RunState state, String task) {
        var claim = state.board().claim(task);
        var letter = claim == null ? null : letter(state, claim.message());
        return letter == null ? null : letter.data();
    }

    /// All that was said so far, by type; every type that can be said is there.
    static Value messages(Draft draft) {
        var byType = new LinkedHashMap<String, List<Value>>();
        var choreography = of(draft);
        if (choreography != null) {
            choreography.openings().forEach(one -> byType.put(one.type(), new ArrayList<>()));
        }
        for (var agent : draft.facts().team().agents()) {
            var contract = agent.contract();
            contract.reactions().forEach(one -> byType.put(one.to(), new ArrayList<>()));
            contract.emissions().forEach(one -> byType.put(one.type(), new ArrayList<>()));
        }
        for (var letter : draft.state().mailbox()) {
            byType.computeIfAbsent(letter.type(), _ -> new ArrayList<>()).add(letter.data());
        }
        var messages = new LinkedHashMap<String, Value>();
        byType.forEach((type, data) -> messages.put(type, new Value.Array(data)));
        return new Value.Struct(messages);
    }

    // ---- who takes it up

    static void claim(Draft draft, Command.Claim claim) {
        var state = draft.state();
        var letter = heard(state, claim.message());
        var agent = agent(draft, claim.agent());
        if (agent == null) {
            throw new Refusal("the team has no agent `" + claim.agent() + "`");
        }
        var reaction =
                agent.contract().reactions().stream()
                        .filter(one -> one.role().equals(claim.role()))
                        .filter(one ->
                                Participant.takes(
                                        one, letter, state.asked().inputs(), draft.expressions()))
                        .findFirst()
                        .orElseThrow(() ->
                                new Refusal(
                                        "the contract of "
                                                + claim.agent()
                                                + " does not take up this message as "
                                                + claim.role()));
        var hearing = state.board().hearing(claim.message());
        if (hearing.heard(claim.agent())) {
            throw new Refusal(claim.agent() + " has had its say");
        }
        if (!hearing.free(claim.role())) {
            throw new Refusal("it was taken up before, or its time is over");
        }
        var name = name(state, claim.role());
        var task = task(name, agent, reaction, letter, state);
        var reason = "takes up " + letter.type() + " " + letter.id();
        draft.emit(
                new PlanAmended(
                        state.graph().version(), agent.id().value(), reason, List.of(task)));
        draft.emit(new Claimed(TaskId.of(name), agent.id(), claim.message(), claim.role()));
    }

    private static Letter heard(RunState state, String message) {
        var letter = state.choreographed() ? letter(state, message) : null;
        if (letter == null) {
            throw new Refusal("nothing was said that is called " + message);
        }
        if (state.ending() != null) {
            throw new Refusal("the run is over");
        }
        return letter;
    }

    private static String name(RunState state, String role) {
        int number = 1;
        while (state.graph().find(role + "_" + number) != null) {
            number++;
        }
        return role + "_" + number;
    }

    /// The task follows upon the one that said the message, so that the graph shows who answered
    /// whom.
    private static Task task(
            String name, Agent agent, Contract.Reaction reaction, Letter letter, RunState state) {
        int slash = letter.id().indexOf('/');
        var from = slash < 0 ? "" : letter.id().substring(0, slash);
        var policy = Task.Policy.DEFAULT;
        if (reaction.within() != null) {
            policy = policy.with(new Task.Timeouts(null, null, null, reaction.within()));
        }
        return new Task(
                name,
                new Task.Performer.ByAgent(agent.id()),
                reaction.input(),
                state.graph().find(from) == null ? List.of() : List.of(from),
                Task.Flow.ONCE,
                policy,
                null);
    }

    static void decline(Draft draft, AgentId agent, String message) {
        var letter = heard(draft.state(), message);
        var hearing = draft.state().board().hearing(message);
        if (hearing.heard(agent) || Participant.hasClaimed(draft.state(), agent, message)) {
            throw new Refusal(agent + " has had its say");
        }
        draft.emit(new Declined(agent, message));
        settle(draft, letter);
    }

    /// The agent that took up a message could not do it: whether that is dealt with so.
    static boolean lost(Draft draft, TaskId id, Failure failure) {
        var claim = draft.state().board().claim(id.name());
        if (claim == null || draft.state().ending() != null) {
            return false;
        }
        draft.emit(new ClaimLost(id, failure));
        draft.emit(new TaskSkipped(id, failure.message()));
        var choreography = of(draft);
        var letter = letter(draft.state(), claim.message());
        if (letter == null || choreography == null) {
            return true;
        }
        boolean others =
                Participant.toHear(draft.state(), draft.facts().team(), letter).stream()
                        .anyMatch(agent -> plays(draft, agent, letter, claim.role()));
        if (others) {
            expectAnswer(draft, choreography, letter);
        } else {
            var why = claim.agent() + " took it up and failed: " + failure.message();
            unanswered(draft, letter, claim.role(), 0, why);
        }
        return true;
    }

    private static boolean plays(Draft draft, AgentId id, Letter letter, String role) {
        var agent = agent(draft, id);
        return agent != null
                && agent.contract().reactions().stream()
                        .filter(reaction -> reaction.to().equals(letter.type()))
                        .anyMatch(reaction -> reaction.role().equals(role));
    }

    private static @Nullable Agent agent(Draft draft, AgentId id) {
        return draft.facts().team().agent(id).orElse(null);
    }

    // ---- who does not

    /// A message that all have heard and nobody has taken up is one that nobody answers.
    private static void settle(Draft draft, Letter letter) {
        var hearing = draft.state().board().hearing(letter.id());
        if (hearing.taken().isEmpty()
                && hearing.over().isEmpty()
                && Participant.toHear(draft.state(), draft.facts().team(), letter).isEmpty()) {
            unanswered(draft, letter, "", 0, "everybody who heard it declined");
        }
    }

    /// The time to take up a message is over.
    static void nobody(Draft draft, String message) {
        var letter = letter(draft.state(), message);
        if (letter == null) {
            return;
        }
        var silent = Participant.toHear(draft.state(), draft.facts().team(), letter);
        if (silent.isEmpty()) {
            return;
        }
        if (draft.state().board().hearing(message).taken().isEmpty()) {
            unanswered(draft, letter, "", 0, "nobody took it up in time");
        } else {
            silent.forEach(agent -> draft.emit(new Declined(agent, message)));
        }
    }

    private static void unanswered(
            Draft draft, Letter letter, String role, long expected, String reason) {
        draft.emit(new Unanswered(letter.id(), role, expected, reason));
        if (letter.type().equals(Choreography.UNANSWERED)) {
            return;
        }
        post(
                draft,
                Choreography.UNANSWERED + "/" + draft.nextSequence(),
                Choreography.UNANSWERED,
                Value.struct(
                        "id",
                        Value.text(letter.id()),
                        "type",
                        Value.text(letter.type()),
                        "role",
                        Value.text(role),
                        "data",
                        letter.data(),
                        "reason",
                        Value.text(reason)));
    }

    /// A person wants it tried again: what nobody took up is there for all once more.
    static void again(Draft draft) {
        var choreography = draft.state().choreographed() ? of(draft) : null;
        if (choreography == null) {
            return;
        }
        for (var letter : Participant.unheard(draft.state(), draft.facts().team())) {
            expectAnswer(draft, choreography, letter);
        }
    }

    /// Somebody is to take the message up, or to decline, in time.
    private static void expectAnswer(Draft draft, Choreography choreography, Letter letter) {
        draft.emit(
                new TimerSet(
                        new Timer.AnswerDue(letter.id()), draft.now().plus(choreography.within())));
    }

    // ---- what must follow

    private static void follows(Draft draft, Choreography choreography, Letter letter) {
        var rules = choreography.expectations();
        var open = List.copyOf(draft.state().board().expected().entrySet());
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            boolean ends = rule.then().equals(letter.type());
            boolean begins = rule.after().equals(letter.type());
            if (!ends && !begins) {
                continue;
            }
            var same = same(draft, rule, letter);
            for (var one : open) {
                if (ends && one.getValue().rule() == i && same.equals(one.getValue().same())) {
                    draft.emit(new ExpectationMet(one.getKey(), letter.id()));
                }
            }
            if (begins) {
                draft.emit(new Expected(i, letter.id(), same, draft.now().plus(rule.within())));
            }
        }
    }

    /// What both messages have in common. One that cannot be told has nothing in common with any.
    private static String same(Draft draft, Choreography.Expectation rule, Letter letter) {
        if (rule.same() == null) {
            return "";
        }
        try {
            return Digest.canonical(
                    draft.render(rule.same(), draft.scope().with("message", letter.data())));
        } catch (ExpressionException _) {
            return "? " + letter.id();
        }
    }

    /// What was expected has not followed in time.
    static void missed(Draft draft, long number) {
        var expected = draft.state().board().expected().get(number);
        var choreography = of(draft);
        var letter = expected == null ? null : letter(draft.state(), expected.message());
        if (expected == null || choreography == null || letter == null) {
            return;
        }
        var rule = choreography.expectations().get(expected.rule());
        unanswered(draft, letter, "", number, "`" + rule.then() + "` did not follow in time");
    }

    // ---- the end

    /// Whether the run is over: what it waits for was said, or all is quiet.
    ///
    /// @return whether something new was begun
    static boolean goOn(Draft draft) {
        var state = draft.state();
        var choreography = of(draft);
        var until = choreography == null ? null : choreography.until();
        if (until != null && holds(draft, until)) {
            for (var name : List.copyOf(state.graph().order())) {
                Endings.giveUp(draft, name, "what the run waited for was said");
            }
            if (!Budgets.isOwed(draft)) {
                Endings.succeed(draft);
            }
            return false;
        }
        boolean quiet =
                state.graph().unfinished() == 0
                        && state.counts().live() == 0
                        && state.board().expected().isEmpty()
                        && Participant.unheard(state, draft.facts().team()).isEmpty()
                        && !Budgets.isOwed(draft);
        if (!quiet) {
            return false;
        }
        if (until == null) {
            Endings.succeed(draft);
            return false;
        }
        return Stalls.stalled(
                draft,
                "all is quiet, and what the run waits for was not said: " + until,
                List.of(),
                true);
    }

    private static boolean holds(Draft draft, String until) {
        try {
            return Planning.isTrue("until", draft.render(until, draft.scope()));
        } catch (ExpressionException _) {
            return false;
        }
    }
}

package dev.tutti.core.run;

import dev.tutti.core.event.Event.Debated;
import dev.tutti.core.event.Event.Dissented;
import dev.tutti.core.event.Event.Joined;
import dev.tutti.core.event.Event.Resolved;
import dev.tutti.core.event.Event.TaskHeld;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Resolve.By;
import dev.tutti.core.event.Resolve.Step;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.synthesis.Citing;
import dev.tutti.core.synthesis.Experience;
import dev.tutti.core.synthesis.FanIn;
import dev.tutti.core.synthesis.Given;
import dev.tutti.core.synthesis.Likeness;
import dev.tutti.core.synthesis.Resolving;
import dev.tutti.core.synthesis.SameMeaning;
import dev.tutti.core.synthesis.Synthesis;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the results of a fan-out into one, as its declaration says, and has others decide where
/// that is not sure enough: an agent that judges, or a person. Each of them has a place after the
/// items.
final class Synthesizing {
    /// The field of the input by which one who answers once more is told of the others' answers.
    static final String DEBATE = "debate";

    /// What is said of what there was no room for.
    private static final String TOO_FEW = ", too few tasks left for ";

    /// What a person answers when no answer is right.
    static final String NONE = "none";

    private Synthesizing() {}

    /// All results are there, or all that are needed; or one who was asked has decided.
    static void join(Draft draft, Task task, Resolve resolve) {
        var fanIn = fanIn(draft, task.name());
        var given = Voters.given(draft.state(), task.name(), resolve);
        if (given.isEmpty() && task.passing() instanceof Passing.Ensemble(var agents)) {
            var none = "none of the " + agents.size() + " agents that can do it gave a result";
            giveUp(draft, task, new Failure.Permanent("no_result", none));
            return;
        }
        if (given.isEmpty()) {
            draft.emit(new Joined(task.name(), new Resolved(Value.NULL, 0, "there is no result")));
            return;
        }
        Synthesis made;
        try {
            made = made(draft, task, resolve, given);
        } catch (ExpressionException e) {
            giveUp(draft, task, Planning.failure(e));
            return;
        } catch (IllegalArgumentException e) {
            var failure = new Failure.Permanent("not_resolved", String.valueOf(e.getMessage()));
            giveUp(draft, task, failure);
            return;
        }
        boolean asked = fanIn.deciders() > 0;
        if (!asked && !made.dissent().isEmpty()) {
            draft.emit(new Dissented(task.name(), made.confidence(), made.by(), made.answers()));
        }
        if (asked) {
            decided(draft, task, resolve, given, made);
        } else if (isDebated(fanIn, made, resolve) && hasRoom(draft, fanIn, resolve)) {
            debate(draft, task, made, resolve.rounds());
        } else if (made.confidence() >= resolve.below() && !isOpen(resolve, made)) {
            handOn(draft, task, resolve, made);
        } else {
            askNext(draft, task, resolve, made);
        }
    }

    /// No answer is to be had: whoever is still at it is stopped with the task.
    private static void giveUp(Draft draft, Task task, Failure failure) {
        Endings.stop(draft, task.name(), failure.message());
        Remedies.giveUp(draft, TaskId.of(task.name()), failure);
    }

    /// Whether a strategy leaves the choice to others, and there is one.
    private static boolean isOpen(Resolve resolve, Synthesis made) {
        return switch (resolve.by()) {
            case By.Custom _ -> true;
            case By.BestOf _, By.Compose _ -> !made.dissent().isEmpty();
            default -> false;
        };
    }

    private static void handOn(Draft draft, Task task, Resolve resolve, Synthesis made) {
        handOn(draft, task, made, made.by() + unheld(draft, task, resolve, made));
    }

    private static void handOn(Draft draft, Task task, Synthesis made, String by) {
        draft.emit(new Joined(task.name(), new Resolved(made.output(), made.confidence(), by)));
    }

    private static FanIn fanIn(Draft draft, String name) {
        var fanIn = draft.state().fanIns().get(name);
        if (fanIn == null) {
            throw new IllegalStateException("task " + name + " did not fan out");
        }
        return fanIn;
    }

    private static Synthesis made(Draft draft, Task task, Resolve resolve, List<Given> given) {
        var likeness =
                resolve.meaning() ? new SameMeaning(draft.facts().nearness()) : Likeness.NORMALISED;
        return switch (resolve.by()) {
            case By.Collect _ -> Resolving.collect(given);
            case By.Template(var text) -> {
                var scope = draft.scope().with("output", Resolving.collect(given).output());
                yield Resolving.whole(given, draft.render(text, scope), "template");
            }
            case By.Merge _ ->
                    Resolving.merge(given, likeness, Questions.resultType(draft, task.performer()));
            case By.Reduce(var text) -> {
                var sofar = given.getFirst().output();
                for (var next : given.subList(1, given.size())) {
                    var scope = draft.scope().with("output", sofar).with("item", next.output());
                    sofar = draft.render(text, scope);
                }
                yield Resolving.whole(given, sofar, "reduced");
            }
            case By.FirstGood _ -> Resolving.firstGood(given);
            case By.KOfN(var k) -> Resolving.kOfN(given, likeness, k);
            case By.BestOf _, By.Compose _, By.Debate _, By.Vote _ ->
                    Resolving.vote(given, likeness);
            case By.WeightedVote _, By.Custom _ ->
                    Resolving.weightedVote(given, likeness, experience(draft, task));
            case By.Cite _ -> Citing.cite(given);
            case By.Numeric(var tolerance) -> Resolving.numeric(given, tolerance);
        };
    }

    /// What is known of those who do the task: from runs before, and from earlier tasks of this
    /// one.
    private static Experience experience(Draft draft, Task task) {
        var performer = task.performer();
        return Voters.learned(draft.state(), performer, draft.facts().voters().apply(performer));
    }

    // ---- those who answer once more

    /// Whether answers differ and there is a round left, before which somebody changed their mind.
    private static boolean isDebated(FanIn fanIn, Synthesis made, Resolve resolve) {
        return !made.dissent().isEmpty()
                && fanIn.rounds() < resolve.rounds()
                && (fanIn.rounds() == 0 || isMoved(fanIn, resolve));
    }

    /// Whether a round leaves room for those who are to decide after it.
    private static boolean hasRoom(Draft draft, FanIn fanIn, Resolve resolve) {
        return Carving.hasRoom(draft, answered(fanIn).size() + resolve.then().size());
    }

    /// What is said of a round that was due and not held.
    private static String unheld(Draft draft, Task task, Resolve resolve, Synthesis made) {
        boolean due = isDebated(fanIn(draft, task.name()), made, resolve);
        return due ? TOO_FEW + "another round" : "";
    }

    /// The items that gave an answer.
    private static List<Integer> answered(FanIn fanIn) {
        var items = new ArrayList<Integer>();
        for (int item = 0; item < fanIn.width(); item++) {
            if (fanIn.latest(item) != null) {
                items.add(item);
            }
        }
        return items;
    }

    private static boolean isMoved(FanIn fanIn, Resolve resolve) {
        for (int item = 0; item < fanIn.width(); item++) {
            var before = fanIn.before(item);
            var now = fanIn.latest(item);
            if (before != null
                    && now != null
                    && !Likeness.NORMALISED.same(answer(before, resolve), answer(now, resolve))) {
                return true;
            }
        }
        return false;
    }

    private static Value answer(Value output, Resolve resolve) {
        return (resolve.on() == null ? Given.of("", output) : Given.of("", output, resolve.on()))
                .answer();
    }

    /// Each is told what it said and what others say, not who they are.
    private static void debate(Draft draft, Task task, Synthesis made, int rounds) {
        var fanIn = fanIn(draft, task.name());
        var items = answered(fanIn);
        int round = fanIn.rounds() + 1;
        draft.emit(new Debated(task.name(), round, items));
        for (int item : items) {
            var id = new TaskId(task.name(), fanIn.places() + item);
            var input =
                    Planning.input(draft, task, draft.scope().of(new TaskId(task.name(), item)));
            var yours = fanIn.latest(item);
            var said =
                    Value.struct(
                            "round",
                            Value.of(round),
                            "of",
                            Value.of(rounds),
                            "yours",
                            yours == null ? Value.NULL : yours,
                            "answers",
                            numbered(made, false));
            Planning.ready(draft, id, input.with(Value.struct(DEBATE, said)));
        }
    }

    // ---- those who decide

    /// Who has the place of `id` among those who decide.
    static Performer judge(RunState state, TaskId id) {
        var task = state.declaration(id);
        var each = task.flow().each();
        var fanIn = state.fanIns().get(id.name());
        var resolve = each == null ? null : each.resolve();
        return resolve != null
                        && fanIn != null
                        && id.item() >= fanIn.places()
                        && id.item() - fanIn.places() < resolve.then().size()
                        && resolve.then().get(id.item() - fanIn.places())
                                instanceof Step.Judge(var performer)
                ? performer
                : task.performer();
    }

    private static void askNext(Draft draft, Task task, Resolve resolve, Synthesis made) {
        var fanIn = fanIn(draft, task.name());
        int step = fanIn.deciders();
        if (step >= resolve.then().size() || !isAsked(resolve, made)) {
            handOn(draft, task, resolve, made);
            return;
        }
        if (!Carving.hasRoom(draft, 1)) {
            // Nobody further is asked, as where a judge cannot be paid.
            boolean due = isDebated(fanIn, made, resolve);
            var lacking = due ? "another round or who decides" : "who decides";
            handOn(draft, task, made, made.by() + TOO_FEW + lacking);
            return;
        }
        var id = new TaskId(task.name(), fanIn.places() + step);
        var input = Planning.input(draft, task, draft.scope().of(new TaskId(task.name(), 0)));
        switch (resolve.then().get(step)) {
            case Step.Judge _ -> {
                var given = Voters.given(draft.state(), task.name(), resolve);
                Planning.ready(draft, id, told(resolve, input, made, given));
            }
            case Step.Ask _ -> {
                draft.emit(new TaskHeld(id, input));
                Questions.decide(
                        draft,
                        id,
                        made.answers().size(),
                        Value.struct("input", input, "answers", numbered(made, true)));
            }
        }
    }

    /// Whether there is something to decide between; who makes all of it always has.
    private static boolean isAsked(Resolve resolve, Synthesis made) {
        return made.answers().size() > 1 || resolve.by() instanceof By.Custom;
    }

    /// What one who judges, composes or makes something of its own is given.
    private static Value.Struct told(
            Resolve resolve, Value input, Synthesis made, List<Given> given) {
        boolean whose = resolve.by() instanceof By.Custom;
        var told = Value.struct("input", input, "answers", numbered(made, whose));
        if (whose) {
            return told.with(
                    "given", new Value.Array(given.stream().map(Synthesizing::one).toList()));
        }
        return resolve.by() instanceof By.Compose
                ? told.with("asked", Value.text(Composing.ASKED))
                : told;
    }

    private static Value one(Given given) {
        return Value.struct("agent", Value.text(given.agent()), "output", given.output());
    }

    /// The answers by number; a judge is not told whose they are.
    private static Value numbered(Synthesis made, boolean whose) {
        var answers = new ArrayList<Value>();
        for (var position : made.answers()) {
            var one =
                    Value.struct(
                            "number",
                            Value.of(answers.size() + 1),
                            "answer",
                            position.answer(),
                            "sources",
                            Value.from(position.sources()));
            answers.add(
                    whose
                            ? one.with("agents", Value.from(position.agents()))
                                    .with("share", new Value.Real(position.share()))
                            : one);
        }
        return new Value.Array(answers);
    }

    private static void decided(
            Draft draft, Task task, Resolve resolve, List<Given> given, Synthesis made) {
        var decision = fanIn(draft, task.name()).decision();
        if (resolve.by() instanceof By.Compose && person(decision) == null) {
            var composed = Composing.of(decision, made);
            if (composed.isEmpty() || confidence(decision) < resolve.below()) {
                askNext(draft, task, resolve, made);
            } else {
                draft.emit(
                        new Joined(
                                task.name(),
                                new Resolved(
                                        composed.get(),
                                        confidence(decision),
                                        by("composed by ", draft, task))));
            }
            return;
        }
        var own = own(resolve, decision);
        if (own != null && confidence(decision) >= resolve.below()) {
            var by = by("made by ", draft, task);
            draft.emit(new Joined(task.name(), new Resolved(own, confidence(decision), by)));
            return;
        }
        int choice = own == null ? choice(decision, made) : 0;
        if (choice < 0) {
            var why = new Failure.Permanent("no_right_answer", "none of the answers is right");
            giveUp(draft, task, why);
        } else if (choice == 0 || confidence(decision) < resolve.below()) {
            askNext(draft, task, resolve, made);
        } else {
            var position = made.answers().get(choice - 1);
            draft.emit(
                    new Joined(
                            task.name(),
                            new Resolved(
                                    output(given, position),
                                    confidence(decision),
                                    by(draft, task, decision)
                                            + unheld(draft, task, resolve, made))));
        }
    }

    /// What an agent made of all, or null.
    private static @Nullable Value own(Resolve resolve, @Nullable Value decision) {
        return resolve.by() instanceof By.Custom
                        && person(decision) == null
                        && decision instanceof Value.Struct made
                ? made.get("output")
                : null;
    }

    /// What one of those gave who gave this answer; the answer itself where nobody did.
    private static Value output(List<Given> given, Position position) {
        return given.stream()
                .filter(one -> one.answer().equals(position.answer()))
                .findFirst()
                .map(Given::output)
                .orElse(position.answer());
    }

    /// The number of the answer that was chosen; 0 when there is no decision, -1 when none is
    /// right.
    private static int choice(@Nullable Value decision, Synthesis made) {
        if (!(decision instanceof Value.Struct struct)) {
            return 0;
        }
        int most = made.answers().size();
        return switch (struct.get("choice")) {
            case Value.Int(var number) -> number >= 1 && number <= most ? (int) number : 0;
            case Value.Text(var text) when text.equals(NONE) -> -1;
            case Value.Text(var text) when text.matches("[1-9]\\d{0,3}") ->
                    Integer.parseInt(text) <= most ? Integer.parseInt(text) : 0;
            case null, default -> 0;
        };
    }

    /// How sure the one is who decided; one who does not say is.
    private static double confidence(@Nullable Value decision) {
        if (decision instanceof Value.Struct struct) {
            return switch (struct.get("confidence")) {
                case Value.Real(var share) -> Math.clamp(share, 0.0, 1.0);
                case Value.Int(var share) -> Math.clamp((double) share, 0.0, 1.0);
                case null, default -> 1;
            };
        }
        return 0;
    }

    /// The person who decided, or null where it was an agent.
    private static @Nullable String person(@Nullable Value decision) {
        return decision instanceof Value.Struct struct
                        && struct.get("choice") != null
                        && struct.get("by") instanceof Value.Text(var person)
                ? person
                : null;
    }

    private static String by(Draft draft, Task task, @Nullable Value decision) {
        var person = person(decision);
        return person == null ? by("judged by ", draft, task) : "decided by " + person;
    }

    private static String by(String how, Draft draft, Task task) {
        var fanIn = fanIn(draft, task.name());
        var id = new TaskId(task.name(), fanIn.places() + fanIn.deciders() - 1);
        var judge = draft.state().tasks().get(id);
        return how + (judge == null || judge.agent() == null ? "an agent" : judge.agent());
    }
}

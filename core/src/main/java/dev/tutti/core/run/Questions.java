package dev.tutti.core.run;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event.AttemptEnded;
import dev.tutti.core.event.Event.EffectRecorded;
import dev.tutti.core.event.Event.EffectWithdrawn;
import dev.tutti.core.event.Event.OutputGiven;
import dev.tutti.core.event.Event.QuestionAnswered;
import dev.tutti.core.event.Event.QuestionAsked;
import dev.tutti.core.event.Event.QuestionClosed;
import dev.tutti.core.event.Event.QuestionHandedOn;
import dev.tutti.core.event.Event.QuestionReminded;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Question.Purpose;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.people.Asked;
import dev.tutti.core.people.Asking;
import dev.tutti.core.run.Decision.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What people are asked, and what their answers lead to. A question is decided once: the first
/// decision in the journal closes it.
final class Questions {
    private static final Failure DENIED = new Failure.Permanent("denied", "a person denied it");
    private static final Failure UNANSWERED =
            new Failure.Permanent("unanswered", "nobody answered in time");

    private Questions() {}

    // ---- asking

    /// A person does the task: the answer is its result.
    static void task(Draft draft, TaskId id, long token, Agent agent) {
        var asking = asking(draft, id, agent);
        if (asking == null) {
            return;
        }
        var form = form(draft, id);
        var choices =
                asking.choices().isEmpty() && form.fields().isEmpty() && isApproval(draft, id)
                        ? List.of(Question.APPROVE, Question.DENY)
                        : asking.choices();
        var text =
                asking.text() != null
                        ? asking.text()
                        : choices.isEmpty()
                                ? "Task `" + id + "` is yours: what is its result?"
                                : "Task `" + id + "` is yours: which is it?";
        ask(
                draft,
                id,
                token,
                Purpose.TASK,
                asking,
                text,
                choices,
                choices.isEmpty() ? form : Value.Struct.EMPTY,
                Passed.given(draft.state(), id, agent.id()));
    }

    private static boolean isApproval(Draft draft, TaskId id) {
        return draft.state().performer(id) instanceof Performer.BySkill(var skill, _, _)
                && skill.value().equals(Question.APPROVE);
    }

    /// The task is dispatched once it is approved, with exactly this input.
    static void approval(Draft draft, TaskId id, AgentId by) {
        var agent = draft.facts().team().agent(by);
        var asking = agent.isEmpty() ? Asking.OPERATOR : asking(draft, id, agent.get());
        if (asking == null) {
            return;
        }
        var text =
                asking.text() != null
                        ? asking.text()
                        : "May task `" + id + "` run with this input?";
        ask(
                draft,
                id,
                0,
                Purpose.APPROVAL,
                asking,
                text,
                List.of(Question.APPROVE, Question.DENY),
                Value.Struct.EMPTY,
                draft.state().task(id).input());
    }

    /// A rule of the task's policy has a person agree to exactly this input first.
    ///
    /// @param why the rule, and the agents that it holds of
    static void leave(Draft draft, TaskId id, String why) {
        ask(
                draft,
                id,
                0,
                Purpose.APPROVAL,
                Asking.OPERATOR,
                "May task `" + id + "` run with this input? Asked for by " + why + ".",
                List.of(Question.APPROVE, Question.DENY),
                Value.Struct.EMPTY,
                draft.state().task(id).input());
    }

    /// The failure goes to a person by name, with what was tried. Where that agent's settings make
    /// no sense, whoever runs this is asked.
    static void escalate(Draft draft, TaskId id, AgentId to, Failure failure) {
        var task = draft.state().task(id);
        var tried = new LinkedHashSet<String>();
        task.course().excluded().forEach(agent -> tried.add(agent.value()));
        if (task.agent() != null) {
            tried.add(task.agent().value());
        }
        var by = tried.isEmpty() ? "" : " by " + String.join(", ", tried);
        var choices = new ArrayList<>(List.of(Question.RETRY));
        if (Replanning.mayReplan(draft, id)) {
            choices.add(Question.REPLAN);
        }
        choices.add(Question.SKIP);
        choices.add(Question.FAIL);
        ask(
                draft,
                id,
                0,
                Purpose.REMEDY,
                draft.facts()
                        .team()
                        .agent(to)
                        .flatMap(agent -> settings(draft, id, agent))
                        .orElse(Asking.OPERATOR),
                "Task `"
                        + id
                        + "` failed after "
                        + count(task.attempts(), "attempt")
                        + by
                        + ": "
                        + failure.message()
                        + ". How does it go on?",
                choices,
                Value.Struct.EMPTY,
                Value.struct(
                        "failure",
                        Value.text(failure.code()),
                        "attempts",
                        Value.of(task.attempts()),
                        "agents",
                        Value.from(List.copyOf(tried)),
                        "input",
                        task.input()));
    }

    private static Optional<Asking> settings(Draft draft, TaskId id, Agent agent) {
        try {
            return Optional.of(read(draft, id, agent));
        } catch (ExpressionException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Asking read(Draft draft, TaskId id, Agent agent) {
        var inputs = draft.state().asked().inputs().with(draft.state().task(id).input());
        var scope = draft.scope().of(id).with("input", inputs);
        return Asking.of((Value.Struct) draft.render(agent.settings(), scope));
    }

    /// The task has no attempt left.
    static void remedy(Draft draft, TaskId id, Failure failure) {
        ask(
                draft,
                id,
                0,
                Purpose.REMEDY,
                Asking.OPERATOR,
                "Task `" + id + "` failed: " + failure.message() + ". How does it go on?",
                List.of(Question.RETRY, Question.SKIP, Question.FAIL),
                Value.Struct.EMPTY,
                Value.struct(
                        "failure",
                        Value.text(failure.code()),
                        "input",
                        draft.state().task(id).input()));
    }

    /// Nobody knows whether the task did what must not be done twice.
    static void unknown(Draft draft, TaskId id, String why) {
        var effects = new LinkedHashMap<String, Value>();
        draft.state()
                .effectsOf(id)
                .forEach((name, effect) -> {
                    if (effect.outcome() == null) {
                        effects.put(name, Value.text(effect.key()));
                    }
                });
        ask(
                draft,
                id,
                0,
                Purpose.UNKNOWN,
                Asking.OPERATOR,
                "Task `"
                        + id
                        + "` may have done "
                        + String.join(", ", effects.keySet())
                        + " and must not do it twice ("
                        + why
                        + "). Look outside: was it done?",
                List.of(Question.DONE, Question.NOT_DONE, Question.FAIL),
                Value.Struct.EMPTY,
                Value.struct(
                        "effects",
                        new Value.Struct(effects),
                        "input",
                        draft.state().task(id).input()));
    }

    /// An attempt cannot go on before a person has decided. Where its run no longer wants the task,
    /// nobody is asked.
    static void consult(Draft draft, Command.Suspend asked) {
        var id = draft.state().attempt(asked.token()).task();
        var agent = draft.state().attempt(asked.token()).agent();
        asked.artifacts().forEach(draft::emit);
        draft.emit(
                new AttemptEnded(
                        id, asked.token(), new Failure.Suspended(asked.text()), Usage.NONE));
        if (!draft.state().wants(id.name())) {
            return;
        }
        if (Remedies.isUnknown(draft, id, agent)) {
            unknown(draft, id, "the attempt ended to ask a person");
            return;
        }
        ask(
                draft,
                id,
                0,
                Purpose.CONSULT,
                Asking.OPERATOR,
                asked.text(),
                asked.choices(),
                Value.Struct.EMPTY,
                Consultation.subject(asked.name(), asked.subject()));
    }

    /// The plan becomes what the attempt proposed, if a person agrees to exactly that.
    static void plan(
            Draft draft, TaskId id, long token, AgentId by, Amendment amendment, Value proposal) {
        var agent = draft.facts().team().agent(by);
        var asking = agent.isEmpty() ? Asking.OPERATOR : asking(draft, id, agent.get());
        if (asking == null) {
            return;
        }
        var names = amendment.tasks().stream().map(Task::name).toList();
        var text =
                asking.text() != null
                        ? asking.text()
                        : "May the plan get "
                                + count(names.size(), "task")
                                + " ("
                                + String.join(", ", names)
                                + ")"
                                + (amendment.drops().isEmpty()
                                        ? "?"
                                        : " and lose "
                                                + String.join(", ", amendment.drops())
                                                + "?");
        ask(
                draft,
                id,
                token,
                Purpose.PLAN,
                asking,
                text,
                List.of(Question.APPROVE, Question.DENY),
                Value.Struct.EMPTY,
                Value.struct("reason", Value.text(amendment.reason()), "proposal", proposal));
    }

    private static String count(int n, String what) {
        return n == 1 ? "1 " + what : n + " " + what + "s";
    }

    /// The results of a task are not the same answer: which one is right?
    ///
    /// @param id the place of the one who decides
    static void decide(Draft draft, TaskId id, int answers, Value subject) {
        var choices = new ArrayList<String>();
        for (int i = 1; i <= answers; i++) {
            choices.add(Integer.toString(i));
        }
        choices.add(Synthesizing.NONE);
        ask(
                draft,
                id,
                0,
                Purpose.RESOLVE,
                Asking.OPERATOR,
                "The answers to task `" + id.name() + "` differ. Which one is right?",
                choices,
                Value.Struct.EMPTY,
                subject);
    }

    static void stall(Draft draft, String reason) {
        ask(
                draft,
                null,
                0,
                Purpose.STALL,
                Asking.OPERATOR,
                "The run is stuck: " + reason + ". How does it go on?",
                List.of(Question.RETRY, Question.FAIL),
                Value.Struct.EMPTY,
                Value.text(reason));
    }

    /// How an agent asks about a task; null if its settings make no sense, and then the task has
    /// failed.
    private static @Nullable Asking asking(Draft draft, TaskId id, Agent agent) {
        var state = draft.state();
        try {
            return read(draft, id, agent);
        } catch (ExpressionException | IllegalArgumentException e) {
            var failure = new Failure.Permanent("bad_settings", String.valueOf(e.getMessage()));
            long token = state.task(id).token();
            if (state.open().containsKey(token)) {
                Remedies.attemptEnded(draft, token, failure, Usage.NONE);
            } else {
                Remedies.giveUp(draft, id, failure);
            }
            return null;
        }
    }

    /// The fields that a result of the task must have, as they are shown to a person.
    private static Value.Struct form(Draft draft, TaskId id) {
        var fields = new LinkedHashMap<String, Value>();
        if (resultType(draft, draft.state().performer(id)) instanceof Type.Struct struct) {
            struct.fields()
                    .forEach((name, field) ->
                            fields.put(name, Value.text(String.valueOf(field.type()))));
        }
        return new Value.Struct(fields);
    }

    /// What the skill that is asked for is declared to give.
    static Type resultType(Draft draft, Performer performer) {
        return performer instanceof Performer.BySkill(var skill, _, _)
                ? draft.facts().team().skill(skill).output()
                : Type.Any.ANY;
    }

    private static void ask(
            Draft draft,
            @Nullable TaskId task,
            long token,
            Purpose purpose,
            Asking asking,
            String text,
            List<String> choices,
            Value.Struct form,
            Value subject) {
        long id = draft.nextSequence();
        draft.emit(
                new QuestionAsked(
                        new Question(
                                id,
                                task,
                                purpose,
                                text,
                                choices,
                                form,
                                subject,
                                Digest.hash(subject),
                                asking.ask(),
                                asking.otherwise(),
                                asking.remind(),
                                asking.quorum(),
                                asking.fourEyes()),
                        token));
        setTimers(draft, id);
    }

    private static void setTimers(Draft draft, long id) {
        var asked = draft.state().questions().get(id);
        if (asked == null) {
            return;
        }
        var within = asked.now().within();
        if (within != null) {
            draft.emit(new TimerSet(new Timer.QuestionDue(id), draft.now().plus(within)));
        }
        var remind = asked.question().remind();
        if (remind != null) {
            draft.emit(new TimerSet(new Timer.ReminderDue(id), draft.now().plus(remind)));
        }
    }

    // ---- time

    /// The one who was asked did not answer in time.
    static void due(Draft draft, long id) {
        var asked = draft.state().questions().get(id);
        if (asked == null) {
            return;
        }
        if (asked.hasNext()) {
            draft.emit(new QuestionHandedOn(id, asked.rung() + 1));
            setTimers(draft, id);
        } else if (asked.question().otherwise() != null) {
            expire(draft, asked, asked.question().otherwise());
        }
    }

    private static void expire(Draft draft, Asked asked, String otherwise) {
        var question = asked.question();
        var answer = Value.text(otherwise);
        draft.emit(
                new QuestionClosed(
                        question.id(), Question.End.EXPIRED, answer, "nobody answered in time"));
        if (otherwise.equals(Question.FAIL) && question.purpose() == Purpose.TASK) {
            Remedies.attemptEnded(draft, asked.token(), UNANSWERED, Usage.NONE);
        } else if (question.purpose() == Purpose.APPROVAL) {
            denied(draft, question, UNANSWERED);
        } else {
            carryOut(draft, asked, answer, "", "timer", null);
        }
    }

    static void remind(Draft draft, long id) {
        var asked = draft.state().questions().get(id);
        if (asked != null && asked.question().remind() != null) {
            draft.emit(new QuestionReminded(id));
            draft.emit(
                    new TimerSet(
                            new Timer.ReminderDue(id),
                            draft.now().plus(asked.question().remind())));
        }
    }

    // ---- answers

    static void answer(Draft draft, Command.Answer command) {
        var asked = draft.state().questions().get(command.question());
        if (asked == null) {
            throw new Refusal("this question is over, or was never asked");
        }
        var question = asked.question();
        if (command.hash() != null && !question.hash().equals(command.hash())) {
            throw new Refusal("what is asked about has changed since; look at it again");
        }
        asked.refusal(command.by(), command.answer(), draft.state().asked().by())
                .ifPresent(why -> {
                    throw new Refusal(why);
                });
        checkForm(draft, question, command.answer());
        if (command.edited() != null
                && (question.purpose() != Purpose.APPROVAL || question.quorum() > 1)) {
            throw new Refusal("only what waits for one approval can be approved with a change");
        }
        var vote = new Asked.Vote(command.by(), command.answer(), command.comment());
        draft.emit(
                new QuestionAnswered(
                        question.id(), command.by(), command.answer(), command.comment()));
        var decided = asked.decidedBy(vote);
        if (decided.isPresent()) {
            draft.emit(
                    new QuestionClosed(
                            question.id(),
                            Question.End.DECIDED,
                            decided.get(),
                            "decided by " + command.by()));
            carryOut(
                    draft, asked, decided.get(), command.comment(), command.by(), command.edited());
        }
    }

    private static void checkForm(Draft draft, Question question, Value answer) {
        if (question.form().fields().isEmpty() || question.task() == null) {
            return;
        }
        var faults =
                resultType(draft, draft.state().performer(question.task()))
                        .check(answer, List.of("answer"));
        if (!faults.isEmpty()) {
            throw new Refusal(
                    "the answer does not fit the form: "
                            + String.join(
                                    "; ", faults.stream().map(one -> one.message()).toList()));
        }
    }

    private static void carryOut(
            Draft draft,
            Asked asked,
            Value answer,
            String comment,
            String by,
            Value.@Nullable Struct edited) {
        var question = asked.question();
        var word = answer instanceof Value.Text(var text) ? text : "";
        var task = question.task();
        if (task == null) {
            unstick(draft, word, by);
            return;
        }
        switch (question.purpose()) {
            case TASK ->
                    Results.succeeded(
                            draft,
                            asked.token(),
                            result(question, answer, comment, by),
                            Usage.NONE);
            case APPROVAL -> approved(draft, question, task, word, edited, by);
            case REMEDY -> remedied(draft, task, word, by);
            case UNKNOWN -> known(draft, task, word, comment, by);
            case PLAN -> reviewed(draft, task, asked.token(), word, comment, by);
            case RESOLVE ->
                    draft.emit(
                            new OutputGiven(
                                    task,
                                    Value.struct(
                                            "choice",
                                            answer,
                                            "by",
                                            Value.text(by),
                                            "comment",
                                            Value.text(comment))));
            case CONSULT -> Planning.again(draft, task);
            case STALL -> {}
        }
    }

    private static Value result(Question question, Value answer, String comment, String by) {
        if (!question.form().fields().isEmpty()) {
            return answer;
        }
        return Value.struct(
                question.choices().isEmpty() ? "text" : "decision",
                answer,
                "comment",
                Value.text(comment),
                "by",
                Value.text(by));
    }

    private static void approved(
            Draft draft,
            Question question,
            TaskId task,
            String word,
            Value.@Nullable Struct edited,
            String by) {
        if (word.equals(Question.DENY)) {
            denied(draft, question, DENIED);
            return;
        }
        if (edited != null) {
            draft.emit(new dev.tutti.core.event.Event.InputGiven(task, edited, by));
        }
        Planning.approved(draft, task, draft.state().task(task).input());
    }

    private static void reviewed(
            Draft draft, TaskId task, long token, String word, String comment, String by) {
        if (word.equals(Question.APPROVE)) {
            Replanning.approved(draft, task, token);
            return;
        }
        var why = comment.isBlank() ? by + " denied the plan" : by + " denied the plan: " + comment;
        Remedies.attemptEnded(draft, token, new Failure.Rejected("plan", why), Usage.NONE);
    }

    private static void denied(Draft draft, Question question, Failure failure) {
        if (question.task() != null) {
            Remedies.giveUp(draft, question.task(), failure);
        }
    }

    private static void remedied(Draft draft, TaskId task, String word, String by) {
        switch (word) {
            case Question.RETRY -> Planning.present(draft, task, draft.state().task(task).input());
            case Question.SKIP ->
                    draft.emit(new TaskSkipped(task, by + " decided to go on without it"));
            case Question.REPLAN -> Remedies.replan(draft, task, by);
            default -> giveUp(draft, task, by);
        }
    }

    private static void known(Draft draft, TaskId task, String word, String comment, String by) {
        if (!word.equals(Question.DONE) && !word.equals(Question.NOT_DONE)) {
            giveUp(draft, task, by);
            return;
        }
        for (var effect : draft.state().effectsOf(task).entrySet()) {
            if (effect.getValue().outcome() == null) {
                draft.emit(
                        word.equals(Question.DONE)
                                ? new EffectRecorded(
                                        task,
                                        effect.getKey(),
                                        Value.struct(
                                                "by",
                                                Value.text(by),
                                                "comment",
                                                Value.text(comment)))
                                : new EffectWithdrawn(
                                        task, effect.getKey(), by + " says it was not done"));
            }
        }
        Planning.present(draft, task, draft.state().task(task).input());
    }

    private static void giveUp(Draft draft, TaskId task, String by) {
        Remedies.fail(
                draft, task, new Failure.Permanent("given_up", by + " decided to give it up"));
    }

    private static void unstick(Draft draft, String word, String by) {
        if (word.equals(Question.FAIL)) {
            var failure = new Failure.Permanent("stalled", by + " gave up the stalled run");
            Endings.close(draft, Status.FAILED, failure.message(), failure);
        } else {
            Choreographing.again(draft);
            Replanning.again(draft, by);
        }
    }

    // ---- withdrawing

    /// Closes the question whose answer would have been the result of this attempt.
    static void withdraw(Draft draft, long token, String reason) {
        if (draft.state().attempt(token).doer() instanceof RunState.Doer.Person(_, var question)) {
            close(draft, question, reason);
        }
    }

    static void close(Draft draft, long question, String reason) {
        if (draft.state().questions().containsKey(question)) {
            draft.emit(new QuestionClosed(question, Question.End.WITHDRAWN, Value.NULL, reason));
        }
    }
}

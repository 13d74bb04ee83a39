package dev.tutti.server.api;

import static dev.tutti.server.http.Route.answer;

import dev.tutti.Preview;
import dev.tutti.Refusal;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.document.PreviewDocument;
import dev.tutti.runtime.engine.Request;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import io.javalin.http.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What people are asked, and how they answer.
public final class QuestionRoutes {
    private static final String QUESTIONS = "/api/v1/questions";
    private static final String QUESTION = QUESTIONS + "/{question}";

    /// Why one answers so; `reason`, as verbs have it, is another name for it.
    private static final Map<String, String> COMMENT = Map.of("comment", "string?");

    private final Desk desk;

    public QuestionRoutes(Desk desk) {
        this.desk = desk;
    }

    /// Adds its routes.
    public void add(Routes routes) {
        routes.add(
                Route.get(QUESTIONS, Right.VIEW, this::list, "What people are asked, ranked.")
                        .query("run", "of one run only")
                        .shows("Questions"),
                Route.get(QUESTION, Right.VIEW, this::one, "One question, also when it is over.")
                        .shows("Question"),
                Route.post(QUESTION + "/approve", Right.APPROVE, this::approve, "Agrees.")
                        .takes(Map.of("hash", "string", "edited", "object?"))
                        .takes(COMMENT)
                        .takes(Desk.MANNER)
                        .shows("Answered|Preview"),
                Route.post(QUESTION + "/deny", Right.APPROVE, this::deny, "Refuses.")
                        .takes(Map.of("hash", "string?"))
                        .takes(COMMENT)
                        .takes(Desk.MANNER)
                        .shows("Answered|Preview"),
                Route.post(QUESTION + "/answer", Right.APPROVE, this::reply, "Answers.")
                        .takes(Map.of("value", "any", "hash", "string?"))
                        .takes(COMMENT)
                        .takes(Desk.MANNER)
                        .shows("Answered|Preview"));
    }

    private void list(Context request) {
        var run = request.queryParam("run");
        var questions = desk.inbox().open(run == null ? null : desk.run(run));
        answer(
                request,
                200,
                Value.struct(
                        "questions",
                        new Value.Array(questions.stream().<Value>map(one -> one).toList())));
    }

    private record Name(RunId run, long number) {}

    private Name name(Context request) {
        var id = request.pathParam("question");
        int dot = id.lastIndexOf('.');
        if (dot < 1 || !id.substring(dot + 1).matches("[0-9]{1,18}")) {
            throw noQuestion();
        }
        return new Name(desk.run(id.substring(0, dot)), Long.parseLong(id.substring(dot + 1)));
    }

    private static Problem noQuestion() {
        return new Problem(404, "no_question", "there never was such a question");
    }

    private Value.Struct find(Name name) {
        return desk.inbox().find(name.run, name.number).orElseThrow(QuestionRoutes::noQuestion);
    }

    private void one(Context request) {
        answer(request, 200, find(name(request)));
    }

    private void approve(Context request) throws InterruptedException {
        var body = Body.of(request);
        if (body.text("hash", "").isEmpty()) {
            throw Problem.field(
                    "/hash", "`hash` is that of what you saw: an approval holds for exactly this");
        }
        Value.@Nullable Struct edited =
                switch (body.fields().get("edited")) {
                    case null -> null;
                    case Value.Null _ -> null;
                    case Value.Struct struct -> struct;
                    default ->
                            throw Problem.field("/edited", "`edited` is an object, the new input");
                };
        send(request, body, Value.text(Question.APPROVE), edited);
    }

    private void deny(Context request) throws InterruptedException {
        send(request, Body.of(request), Value.text(Question.DENY), null);
    }

    private void reply(Context request) throws InterruptedException {
        var body = Body.of(request);
        var value = body.fields().get("value");
        if (value == null) {
            throw Problem.field(
                    "/value", "`value` is the answer: one of the choices, a text, or the form");
        }
        send(request, body, value, null);
    }

    private void send(Context request, Body body, Value value, Value.@Nullable Struct edited)
            throws InterruptedException {
        var name = name(request);
        var question = find(name);
        if (!question.text("state").equals("open")) {
            throw decided(question);
        }
        var hash = body.text("hash", "");
        if (!hash.isEmpty() && !hash.equals(question.text("hash"))) {
            throw new Problem(
                    409,
                    "stale",
                    "what is asked has changed since you saw it; look again",
                    Value.struct("question", question));
        }
        var answer =
                new Request.Answer(
                        name.number,
                        value,
                        body.text("comment", body.text("reason", "")),
                        hash.isEmpty() ? question.text("hash") : hash,
                        edited);
        var run = desk.asked(request, name.run);
        try {
            desk.requireExpected(name.run, body);
            if (body.flag("dry_run", false)) {
                var preview = Preview.ofAnswer(desk.tutti(), run, answer);
                answer(request, 200, PreviewDocument.of(name.run, "answer", preview));
                return;
            }
            var key = desk.key(request, name.run + "/" + name.number, body);
            desk.admission()
                    .admit(() -> {
                        run.ask(answer, key);
                        return run;
                    });
        } catch (Refusal e) {
            var now = find(name);
            throw now.text("state").equals("open") ? Desk.refused(e) : decided(now);
        }
        var now = find(name);
        boolean open = now.text("state").equals("open");
        answer(
                request,
                200,
                Value.struct(
                        "question",
                        Value.text(name.run + "." + name.number),
                        "counts",
                        Value.of(!open),
                        "more",
                        Value.of(open ? missing(now) : 0),
                        "run_status",
                        or(desk.runs().ending(name.run), "status")));
    }

    private static long missing(Value.Struct question) {
        long quorum = question.get("quorum") instanceof Value.Int(var number) ? number : 1;
        long votes = question.get("votes") instanceof Value.Array(var all) ? all.size() : 0;
        return Math.max(0, quorum - votes);
    }

    private static Problem decided(Value.Struct question) {
        return new Problem(
                409,
                "decided",
                "this question is over: " + question.text("state"),
                Value.struct(
                        "state",
                        or(question, "state"),
                        "answer",
                        or(question, "answer"),
                        "by",
                        or(question, "by"),
                        "at",
                        or(question, "at")));
    }

    private static Value or(Value.Struct of, String name) {
        var value = of.get(name);
        return value == null ? Value.NULL : value;
    }
}

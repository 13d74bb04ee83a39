package dev.tutti.server.view;

import dev.tutti.core.event.Question;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.people.Asked;
import dev.tutti.view.Alteration;
import java.util.LinkedHashMap;

/// What people are asked, as the documents of the API have it.
final class Questions {
    private Questions() {}

    /// How much hangs on the answer: what is done outside once it is given, what the result of a
    /// task will be, or only how a run goes on.
    static String risk(Question question) {
        return switch (question.purpose()) {
            case APPROVAL, UNKNOWN -> "high";
            case TASK, CONSULT, REMEDY, PLAN, RESOLVE -> "medium";
            case STALL -> "low";
        };
    }

    static Value.Struct document(RunFold fold, Asked asked) {
        var question = asked.question();
        var document = new LinkedHashMap<String, Value>();
        document.put("question", Value.text(fold.run() + "." + question.id()));
        document.put("run", Rows.text(fold.run()));
        document.put("short", Value.text(Rows.brief(fold.run().value())));
        document.put("goal", Value.text(fold.state().asked().name()));
        document.put("about", Rows.about(fold.state()));
        document.put("task", Rows.text(question.task()));
        document.put("purpose", Value.text(question.purpose().word()));
        document.put("risk", Value.text(risk(question)));
        document.put("text", Value.text(question.text()));
        document.put("choices", Value.from(question.choices()));
        document.put("form", question.form());
        document.put("subject", question.subject());
        document.put("changes", Value.from(Alteration.of(question.subject())));
        document.put("hash", Value.text(question.hash()));
        document.put("asked", Value.text(asked.now().to()));
        document.put(
                "asked_next",
                Rows.names(
                        question.ask().stream()
                                .skip(asked.rung() + 1L)
                                .map(Question.Rung::to)
                                .toList()));
        document.put(
                "until",
                Rows.time(fold.state().timers().get(new Timer.QuestionDue(question.id()))));
        document.put("otherwise", Rows.text(question.otherwise()));
        document.put(
                "then",
                asked.hasNext()
                        ? Value.text(question.ask().get(asked.rung() + 1).to() + " is asked")
                        : question.otherwise() == null
                                ? Value.NULL
                                : Value.text("counts as " + question.otherwise()));
        document.put(
                "votes",
                new Value.Array(
                        asked.votes().stream()
                                .<Value>map(vote ->
                                        Value.struct(
                                                "by",
                                                Value.text(vote.by()),
                                                "answer",
                                                vote.answer(),
                                                "comment",
                                                Value.text(vote.comment())))
                                .toList()));
        document.put("quorum", Value.of(question.quorum()));
        document.put("four_eyes", Value.of(question.fourEyes()));
        document.put("state", Value.text("open"));
        return new Value.Struct(document);
    }
}

package dev.tutti.runtime.journal;

import dev.tutti.core.event.Question;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.Locale;

/// Questions as payloads. What is as by default is left out.
final class QuestionCodec {
    private QuestionCodec() {}

    static Value encode(Question question) {
        var out = new Fields().put("id", question.id());
        if (question.task() != null) {
            out.put("task", question.task().toString());
        }
        out.put("purpose", question.purpose().word()).put("text", question.text());
        if (!question.choices().isEmpty()) {
            out.put("choices", Value.from(question.choices()));
        }
        if (!question.form().fields().isEmpty()) {
            out.put("form", question.form());
        }
        out.put("subject", question.subject()).put("hash", question.hash());
        out.put("ask", new Value.Array(question.ask().stream().map(QuestionCodec::rung).toList()));
        if (question.otherwise() != null) {
            out.put("otherwise", question.otherwise());
        }
        if (question.remind() != null) {
            out.put("remind", question.remind().toString());
        }
        if (question.quorum() != 1) {
            out.put("quorum", question.quorum());
        }
        if (question.fourEyes()) {
            out.put("four_eyes", Value.of(true));
        }
        return out.struct();
    }

    private static Value rung(Question.Rung rung) {
        var out = new Fields().put("to", rung.to());
        if (rung.within() != null) {
            out.put("within", rung.within().toString());
        }
        return out.struct();
    }

    static Question decode(Fields in) {
        var task = in.findText("task");
        return new Question(
                in.number("id"),
                task == null ? null : TaskId.parse(task),
                Question.Purpose.valueOf(in.text("purpose").toUpperCase(Locale.ROOT)),
                in.text("text"),
                in.texts("choices"),
                in.find("form") == null ? Value.Struct.EMPTY : in.struct("form"),
                in.value("subject"),
                in.text("hash"),
                in.list("ask").stream().map(QuestionCodec::rung).toList(),
                in.findText("otherwise"),
                in.duration("remind"),
                in.find("quorum") == null ? 1 : (int) in.number("quorum"),
                in.find("four_eyes") != null);
    }

    private static Question.Rung rung(Value value) {
        var in = Fields.of(value);
        return new Question.Rung(in.text("to"), in.duration("within"));
    }
}

package dev.tutti.runtime.journal;

import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;

/// Timers as payloads.
final class Timers {
    private Timers() {}

    static Value encode(Timer timer) {
        var out = new Fields();
        var fields =
                switch (timer) {
                    case Timer.RetryDue(var task) ->
                            out.put("kind", "retry").put("task", task.toString());
                    case Timer.AttemptDue(var token) ->
                            out.put("kind", "attempt").put("token", token);
                    case Timer.IdleDue(var token) -> out.put("kind", "idle").put("token", token);
                    case Timer.QueueDue(var task) ->
                            out.put("kind", "queue").put("task", task.toString());
                    case Timer.BidsDue(var batch) -> out.put("kind", "bids").put("batch", batch);
                    case Timer.OverallDue(var task) ->
                            out.put("kind", "overall").put("task", task.toString());
                    case Timer.QuestionDue(var id) ->
                            out.put("kind", "question").put("question", id);
                    case Timer.ReminderDue(var id) ->
                            out.put("kind", "reminder").put("question", id);
                    case Timer.AnswerDue(var message) ->
                            out.put("kind", "answer").put("message", message);
                    case Timer.ExpectedDue(var expected) ->
                            out.put("kind", "expected").put("expected", expected);
                    case Timer.BudgetDue() -> out.put("kind", "budget");
                    case Timer.AlarmDue() -> out.put("kind", "alarm");
                    case Timer.CloseDue() -> out.put("kind", "close");
                };
        return fields.struct();
    }

    static Timer decode(Fields in) {
        var kind = in.text("kind");
        return switch (kind) {
            case "retry" -> new Timer.RetryDue(task(in));
            case "attempt" -> new Timer.AttemptDue(in.number("token"));
            case "idle" -> new Timer.IdleDue(in.number("token"));
            case "queue" -> new Timer.QueueDue(task(in));
            case "bids" -> new Timer.BidsDue(in.number("batch"));
            case "overall" -> new Timer.OverallDue(task(in));
            case "question" -> new Timer.QuestionDue(in.number("question"));
            case "reminder" -> new Timer.ReminderDue(in.number("question"));
            case "answer" -> new Timer.AnswerDue(in.text("message"));
            case "expected" -> new Timer.ExpectedDue(in.number("expected"));
            case "budget" -> new Timer.BudgetDue();
            case "alarm" -> new Timer.AlarmDue();
            case "close" -> new Timer.CloseDue();
            default -> throw new IllegalArgumentException("timer " + kind);
        };
    }

    private static TaskId task(Fields in) {
        return TaskId.parse(in.text("task"));
    }
}

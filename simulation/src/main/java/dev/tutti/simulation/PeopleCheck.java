package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// I17: a question comes to one end, only open questions are answered, and what was approved is
/// what runs. I20: who intervenes says why.
final class PeopleCheck extends Check {
    private final Map<Long, Question> open = new HashMap<>();
    private final Map<TaskId, Value> inputs = new HashMap<>();
    private final Map<TaskId, String> approved = new HashMap<>();
    private final Set<String> needApproval = new HashSet<>();

    @Override
    void see(Step step) {
        if (step.event() instanceof Event.PlanAmended e) {
            e.tasks().stream()
                    .filter(task -> task.policy().approval() != null)
                    .forEach(task -> needApproval.add(task.name()));
        } else if (step.event() instanceof Event.QuestionAsked e) {
            open.put(e.question().id(), e.question());
        } else if (step.event() instanceof Event.QuestionAnswered e) {
            if (!open.containsKey(e.question())) {
                report("I17", step, "question " + e.question() + " is answered after its end");
            }
        } else if (step.event() instanceof Event.QuestionClosed e) {
            closed(step, e);
        } else if (step.event() instanceof Event.TaskHeld e) {
            inputs.put(e.task(), e.input());
            approved.remove(e.task());
        } else if (step.event() instanceof Event.InputGiven e) {
            edited(e);
        } else if (step.event() instanceof Event.TaskReady e) {
            inputs.put(e.task(), e.input());
        } else if (step.event() instanceof Event.Assigned e) {
            runs(step, e.task());
        } else if (step.event() instanceof Event.ChildStarted e) {
            runs(step, e.task());
        } else if (step.event() instanceof Event.Intervened e
                && (e.reason().isBlank() || step.entry().event().actor().isBlank())) {
            report("I20", step, "`" + e.verb() + "` says not who did it, or not why");
        }
    }

    private void closed(Step step, Event.QuestionClosed e) {
        var question = open.remove(e.question());
        if (question == null) {
            report("I17", step, "question " + e.question() + " ends a second time");
        } else if (question.purpose() == Question.Purpose.APPROVAL
                && question.task() != null
                && e.answer().equals(Value.text(Question.APPROVE))) {
            approved.put(question.task(), question.hash());
        }
    }

    /// The one who approves may change what is approved in the same breath; any other change needs
    /// another approval.
    private void edited(Event.InputGiven e) {
        inputs.put(e.task(), e.input());
        approved.computeIfPresent(e.task(), (_, _) -> Digest.hash(e.input()));
    }

    private void runs(Step step, TaskId task) {
        var input = inputs.get(task);
        if (!needApproval.contains(task.name()) || input == null) {
            return;
        }
        var hash = approved.get(task);
        if (hash == null) {
            report("I17", step, task + " runs without approval");
        } else if (!hash.equals(Digest.hash(input))) {
            report("I17", step, task + " runs with another input than was approved");
        }
    }
}

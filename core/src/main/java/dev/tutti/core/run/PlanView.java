package dev.tutti.core.run;

import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.plan.Graph;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/// A plan and how far it is, as its planner sees it: bounded, so that a long run does not make a
/// long letter.
final class PlanView {
    /// The most tasks that are told of, the latest first where there are more.
    private static final int MOST_TASKS = 500;

    /// The most characters of a result.
    private static final int MOST_TEXT = 1_000;

    private PlanView() {}

    static Value.Array of(RunState state) {
        var names = new ArrayList<String>();
        for (var name : state.graph().order()) {
            var task = state.graph().node(name).task();
            if (!task.plans() && task.undoes() == null) {
                names.add(name);
            }
        }
        int from = Math.max(0, names.size() - MOST_TASKS);
        var tasks = new ArrayList<Value>(names.size() - from);
        for (var name : names.subList(from, names.size())) {
            tasks.add(task(state, state.graph().node(name)));
        }
        return new Value.Array(tasks);
    }

    private static Value task(RunState state, Graph.Node node) {
        var task = node.task();
        var fields = new LinkedHashMap<String, Value>();
        fields.put("task", Value.text(task.name()));
        switch (task.performer()) {
            case Performer.BySkill(var skill, _, _) ->
                    fields.put("skill", Value.text(skill.value()));
            case Performer.ByAgent(var agent) -> fields.put("agent", Value.text(agent.value()));
            case Performer.ByWorkflow(var workflow) -> fields.put("workflow", Value.text(workflow));
            case Performer.ByMessage _ -> fields.put("await", Value.of(true));
        }
        fields.put("state", Value.text(word(node.phase())));
        if (!task.dependencies().isEmpty()) {
            fields.put("after", Value.from(task.dependencies()));
        }
        if (task.each() != null) {
            fields.put("each", Value.text(task.each()));
        }
        var output = state.outputs().of(task.name());
        if (output != null && node.phase() == Graph.Phase.DONE) {
            fields.put("output", Value.text(preview(output)));
        }
        var failure = state.progress().failures().get(task.name());
        if (failure != null && isFailed(node.phase())) {
            fields.put("failure", Value.text(failure));
        }
        return new Value.Struct(fields);
    }

    private static boolean isFailed(Graph.Phase phase) {
        return phase == Graph.Phase.FAILED || phase == Graph.Phase.REPLACED;
    }

    private static String word(Graph.Phase phase) {
        return switch (phase) {
            case PLANNED -> "planned";
            case ACTIVE -> "running";
            case DONE -> "done";
            case SKIPPED -> "skipped";
            case FAILED -> "failed";
            case REPLACED -> "replaced";
        };
    }

    private static String preview(Value output) {
        var text = Digest.canonical(output);
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + " …";
    }
}

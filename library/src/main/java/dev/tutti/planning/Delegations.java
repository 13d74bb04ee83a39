package dev.tutti.planning;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether the tasks that a model proposes are complete delegations: whoever is given one knows the
/// objective, the form of the result, where to look, and what to leave alone.
///
/// A skill that declares its input says itself what a task needs, and a program needs no words.
/// What is left are tasks in free words for models, commands and people.
public final class Delegations {
    /// Agents that go by words, by what they use.
    private static final Set<String> BY_WORDS = Set.of("llm", "process", "human");

    private static final String OBJECTIVE = "objective";
    private static final String FORMAT = "output_format";
    private static final List<String> PARTS = List.of(OBJECTIVE, FORMAT, "sources", "boundaries");

    private Delegations() {}

    /// What is missing.
    public static List<Fault> faults(List<Task> tasks, Team team) {
        var faults = new ArrayList<Fault>();
        for (var task : tasks) {
            var missing = missing(task, team);
            if (!missing.isEmpty()) {
                faults.add(fault(task, missing));
            }
        }
        return faults;
    }

    private static Fault fault(Task task, List<String> missing) {
        var names = String.join("`, `", missing);
        return new Fault(
                "E-DELEGATION-01",
                "the task is no complete delegation: its input lacks `" + names + "`",
                List.of("tasks", task.name(), "input"),
                null,
                "what is to be done?",
                "say the objective, the output_format, the sources to use and the boundaries"
                        + " to keep, each as a text");
    }

    private static List<String> missing(Task task, Team team) {
        var agents = performers(task.performer(), team);
        var skill = skill(task.performer(), agents, team);
        if (agents.stream().noneMatch(agent -> BY_WORDS.contains(agent.uses()))
                || (skill != null && isDeclared(skill.input()))) {
            return List.of();
        }
        return PARTS.stream()
                .filter(part -> !said(task.input().get(part)))
                .filter(part ->
                        !part.equals(FORMAT) || skill == null || !isDeclared(skill.output()))
                .toList();
    }

    private static List<Agent> performers(Task.Performer performer, Team team) {
        return Match.capable(team.agents(), performer);
    }

    /// The skill that is asked for; an agent with one skill is asked for that.
    private static @Nullable Skill skill(Task.Performer performer, List<Agent> agents, Team team) {
        if (performer instanceof Task.Performer.BySkill(var id, _, _)) {
            return team.skill(id);
        }
        var ids = agents.stream().flatMap(agent -> agent.skills().stream()).toList();
        return ids.size() == 1 ? team.skill(ids.getFirst()) : null;
    }

    private static boolean isDeclared(Type type) {
        return switch (type) {
            case Type.Struct(var fields, _) -> !fields.isEmpty();
            case Type.Any _ -> false;
            case Type.Scalar _, Type.ListOf _ -> true;
        };
    }

    private static boolean said(@Nullable Value value) {
        return switch (value) {
            case Value.Text(var text) -> !text.isBlank();
            case Value.Array(var items) -> !items.isEmpty();
            case Value.Struct(var fields) -> !fields.isEmpty();
            case null, default -> false;
        };
    }
}

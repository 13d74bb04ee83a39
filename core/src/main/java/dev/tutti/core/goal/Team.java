package dev.tutti.core.goal;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who can do what, the workflows written for them, and on which terms their tasks are given away.
public record Team(List<Skill> skills, List<Agent> agents, List<Workflow> workflows, Terms terms) {
    /// A team without members.
    public static final Team NOBODY = new Team(List.of(), List.of(), List.of());

    public Team {
        skills = List.copyOf(skills);
        agents = List.copyOf(agents);
        workflows = List.copyOf(workflows);
    }

    /// A team that says nothing of how its tasks are given away.
    public Team(List<Skill> skills, List<Agent> agents, List<Workflow> workflows) {
        this(skills, agents, workflows, Terms.DEFAULT);
    }

    /// This team with another workflow under the same name.
    public Team with(Workflow other) {
        return new Team(
                skills,
                agents,
                workflows.stream()
                        .map(one -> one.name().equals(other.name()) ? other : one)
                        .toList(),
                terms);
    }

    public Optional<Workflow> workflow(String name) {
        return workflows.stream().filter(workflow -> workflow.name().equals(name)).findFirst();
    }

    /// The workflows that can be asked for by name, in the order of the file.
    public List<Workflow> written() {
        return workflows.stream().filter(workflow -> !workflow.isWithin()).toList();
    }

    /// The agent of this name; none is called null.
    public Optional<Agent> agent(@Nullable AgentId id) {
        return agents.stream().filter(agent -> agent.id().equals(id)).findFirst();
    }

    /// The skill as declared, or one that takes and gives any object.
    public Skill skill(SkillId id) {
        return skills.stream()
                .filter(skill -> skill.id().equals(id))
                .findFirst()
                .orElse(Skill.undeclared(id));
    }
}

package dev.tutti.core.plan;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What the expressions and names of a plan can count on.
///
/// @param name of the workflow
/// @param input the type of its inputs
/// @param offered the skills that some agent has
/// @param workflows the types of the inputs of the team's workflows
record Known(
        String name,
        Type.Struct input,
        Map<String, Task> tasks,
        Map<String, Skill> skills,
        Map<String, Agent> agents,
        Set<String> offered,
        Map<String, Type.Struct> workflows) {

    static final Type.Struct RUN = run();

    private static Type.Struct run() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("id", Type.Field.required(Type.Scalar.STRING));
        return new Type.Struct(fields, false);
    }

    /// What the rules of a policy see of an agent.
    static final Type.Struct AGENT = agent();

    /// What they see of the task.
    static final Type.Struct TASK = task();

    private static Type.Struct agent() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("name", Type.Field.required(Type.Scalar.STRING));
        fields.put("skills", Type.Field.required(new Type.ListOf(Type.Scalar.STRING)));
        fields.put("labels", Type.Field.required(new Type.ListOf(Type.Scalar.STRING)));
        fields.put("trust", Type.Field.required(Type.Scalar.NUMBER));
        fields.put("uses", Type.Field.required(Type.Scalar.STRING));
        return new Type.Struct(fields, false);
    }

    private static Type.Struct task() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("name", Type.Field.required(Type.Scalar.STRING));
        fields.put("skill", Type.Field.required(Type.Scalar.STRING));
        return new Type.Struct(fields, false);
    }

    Type input(Performer performer) {
        return performer instanceof Performer.ByWorkflow(var workflow)
                ? workflows.getOrDefault(workflow, Type.Struct.OPEN)
                : skill(performer).input();
    }

    Type output(Performer performer) {
        return performer instanceof Performer.ByWorkflow ? Type.Any.ANY : skill(performer).output();
    }

    /// What the performer takes and gives. An agent with one skill is taken to use that.
    private Skill skill(Performer performer) {
        return switch (performer) {
            case Performer.BySkill(var skill, _, _) -> declared(skill);
            case Performer.ByAgent(AgentId(var name)) -> {
                var agent = agents.get(name);
                yield agent != null && agent.skills().size() == 1
                        ? declared(agent.skills().getFirst())
                        : Skill.undeclared(new SkillId(name));
            }
            case Performer.ByWorkflow _, Performer.ByMessage _ ->
                    Skill.undeclared(new SkillId("-"));
        };
    }

    private Skill declared(SkillId id) {
        var skill = skills.get(id.value());
        return skill == null ? Skill.undeclared(id) : skill;
    }
}

package dev.tutti.teamfile;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Require;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task.Performer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads who performs a task.
final class PerformerReader {

    /// Stands in where the file does not say who performs a task.
    static final SkillId NOBODY = new SkillId("-");

    private static final List<String> WAYS = List.of("skill", "agent", "workflow", "goal", "await");

    private final Report report;
    private final Function<Section, Performer> goals;

    /// @param goals makes a workflow of a task that has a goal
    PerformerReader(Report report, Function<Section, Performer> goals) {
        this.report = report;
        this.goals = goals;
    }

    Performer task(Section section) {
        var ways = WAYS.stream().filter(section::has).toList();
        if (ways.isEmpty() && section.has("group")) {
            return new Performer.ByAgent(PassingReader.first(section));
        }
        if (ways.isEmpty()) {
            section.missing("skill", "…");
        }
        if (ways.size() > 1) {
            report.add(
                    "E-KEY-03",
                    "a task has one of skill, agent, workflow, goal and await, not "
                            + String.join(" and ", ways),
                    section.at(ways.get(1)),
                    "one too many",
                    "remove `" + ways.get(1) + "` or `" + ways.getFirst() + "`");
        }
        return switch (ways.isEmpty() ? "" : ways.getFirst()) {
            case "workflow" ->
                    section.text("workflow", "the name of a workflow")
                            .<Performer>map(Performer.ByWorkflow::new)
                            .orElse(new Performer.BySkill(NOBODY));
            case "goal" -> goals.apply(section);
            case "await" ->
                    section.struct("await", "an object such as `{ message: paid, within: 1h }`")
                            .map(content ->
                                    await(
                                            new Section(
                                                    content,
                                                    Keys.AWAIT,
                                                    section.at("await"),
                                                    report)))
                            .orElse(new Performer.BySkill(NOBODY));
            default -> agentOrSkill(section);
        };
    }

    /// One who has a skill, or one agent.
    Performer agentOrSkill(Section section) {
        var skill = section.text("skill", "the name of a skill");
        var agent = section.text("agent", "the name of an agent");
        if (skill.isPresent()) {
            return new Skilled(report)
                    .read(skill.get(), section.at("skill"))
                    .<Performer>map(one ->
                            new Performer.BySkill(
                                    one.skill(), new Require(labels(section), one.version())))
                    .orElse(new Performer.BySkill(NOBODY));
        }
        if (agent.isPresent()) {
            return isId(agent.get())
                    ? new Performer.ByAgent(new AgentId(agent.get()))
                    : new Performer.BySkill(badName("agent", section));
        }
        return new Performer.BySkill(NOBODY);
    }

    /// Labels that whoever does the task must have.
    private List<String> labels(Section section) {
        return new Skilled(report)
                .labels(section.words("require", "a list of labels"), section.at("require"));
    }

    /// An agent by its name, or null where there is none that could be one.
    @Nullable AgentId agent(String key, Section section) {
        var name = section.text(key, "the name of an agent").orElse(null);
        if (name == null || isId(name)) {
            return name == null ? null : new AgentId(name);
        }
        badName(key, section);
        return null;
    }

    private Performer await(Section section) {
        var message = section.text("message", "the type of a message").orElse(null);
        var within = section.duration("within").orElse(null);
        if (message == null && !section.has("within")) {
            section.missing("message", "…");
        }
        boolean keep = section.flag("keep", true);
        var where = section.text("where", "a condition such as `${message.ok}`").orElse(null);
        var topic = new TopicReader(report).name(section).orElse(null);
        var key = section.text("key", "a text such as `\"${input.order}\"`").orElse(null);
        if (topic == null && section.has("key")) {
            TopicReader.keyWithoutTopic(section, report);
        }
        if (topic != null && message == null) {
            section.missing("message", "…");
        }
        return new Performer.ByMessage(message, where, within, keep, topic, key);
    }

    private static boolean isId(String name) {
        return name.matches("[a-z][a-z0-9_]*");
    }

    private SkillId badName(String key, Section section) {
        report.add(
                "E-NAME-02",
                "this is not a name: names are small letters, digits and `_`",
                section.at(key),
                "not a name",
                null);
        return NOBODY;
    }
}

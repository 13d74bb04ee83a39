package dev.tutti.teamfile;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Require;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.expression.Similar;
import dev.tutti.view.Choices;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads who performs a task.
final class PerformerReader {

    /// Stands in where the file does not say who performs a task.
    static final SkillId NOBODY = new SkillId("-");

    private static final List<String> WAYS = List.of("skill", "agent", "workflow", "goal", "await");

    private final Report report;
    private final NearestSkills skills;
    private final Function<Section, Performer> goals;

    /// @param skills those that agents have
    /// @param goals makes a workflow of a task that has a goal
    PerformerReader(Report report, NearestSkills skills, Function<Section, Performer> goals) {
        this.report = report;
        this.skills = skills;
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
            return skilled(skill.get(), section);
        }
        if (agent.isPresent()) {
            return isId(agent.get())
                    ? new Performer.ByAgent(new AgentId(agent.get()))
                    : new Performer.BySkill(badName("agent", section));
        }
        return new Performer.BySkill(NOBODY);
    }

    private Performer skilled(String written, Section section) {
        int sign = written.indexOf('@');
        var name = sign < 0 ? written : written.substring(0, sign);
        if (!skills.isOffered(name)) {
            // A version is of a skill of that name, and of no other.
            boolean versioned = sign >= 0 && isId(name);
            var pin = versioned ? Optional.<NearestSkills.Pin>empty() : skills.take(written);
            if (pin.isPresent()) {
                return standIn(pin.get(), section);
            }
            if (skills.isAsked() || isNear(name)) {
                nobodys(written, section);
                return new Performer.BySkill(NOBODY);
            }
            if (!isId(name)) {
                noName(written, section);
                return new Performer.BySkill(NOBODY);
            }
        }
        return new Skilled(report)
                .read(written, section.at("skill"))
                .<Performer>map(one ->
                        new Performer.BySkill(
                                one.skill(), new Require(labels(section), one.version())))
                .orElse(new Performer.BySkill(NOBODY));
    }

    /// Whether it is the name of no skill, and not written like one either, but something can be
    /// said of what is near in meaning; otherwise the check of the plan refuses it.
    private boolean isNear(String name) {
        return isId(name)
                && !skills.hasSaidEnough()
                && Similar.to(name, skills.names()).isEmpty()
                && skills.help(name) != null;
    }

    private Performer standIn(NearestSkills.Pin pin, Section section) {
        report.add(
                "W-SKILL-01",
                "no agent of the team has skill `"
                        + DisplayWidth.shown(pin.meant().asked())
                        + "`: `"
                        + pin.skill()
                        + "` stands for it, "
                        + Choices.nearness(pin.meant()),
                section.at("skill"),
                "found by its meaning",
                "write `" + pin.skill() + "` to have it for certain");
        return new Performer.BySkill(pin.skill(), new Require(labels(section), null), pin.meant());
    }

    private void nobodys(String written, Section section) {
        report.add(
                "E-REF-06",
                "no agent of the team has skill `" + DisplayWidth.shown(written) + "`",
                section.at("skill"),
                skills.isDeclared(written) ? "nobody's skill" : "unknown skill",
                skills.help(written));
    }

    private void noName(String written, Section section) {
        report.add(
                "E-NAME-02",
                "`"
                        + DisplayWidth.shown(written)
                        + "` is not a name: names are small letters, digits and `_`",
                section.at("skill"),
                "not a name",
                skills.help(written));
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

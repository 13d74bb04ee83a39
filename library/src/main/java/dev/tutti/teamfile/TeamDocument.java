package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.ContractCheck;
import dev.tutti.core.plan.PlanCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a whole document: the values that a team file holds, wherever they come from.
final class TeamDocument {
    private final Expressions expressions = new Expressions();
    private final Report report = new Report();
    private final TermsReader terms = new TermsReader(report);
    private final Value.Struct document;
    private NearestSkills nearest = NearestSkills.of(List.of(), List.of(), null);
    private ContractReader contracts = new ContractReader(report, List.of());

    private TeamDocument(Value.Struct document) {
        this.document = document;
    }

    /// What a document gives.
    ///
    /// @param team as far as it could be read
    /// @param faults with paths
    /// @param found the skills that stand for others
    record Reading(Team team, List<Fault> faults, SequencedMap<String, NearestSkills.Pin> found) {}

    static Reading read(Value.Struct document) {
        var reader = new TeamDocument(document);
        var team = reader.team();
        return new Reading(team, reader.report.faults(), reader.nearest.pins());
    }

    private Team team() {
        var section = new Section(document, Keys.FILE, List.of(), report);
        version(section);
        var skills = skills(section);
        contracts = new ContractReader(report, skills);
        var planners = agents(section);
        terms.read(section, planners.agents());
        nearest =
                NearestSkills.of(skills, planners.agents(), terms.match().above())
                        .knowing(terms.match().pins());
        var workflows = workflows(section, skills, planners);
        contracts(skills, planners.agents(), workflows);
        workflows.forEach(workflow ->
                Limits.unaffordable(workflow, workflow.budget(), planners.agents())
                        .forEach(report::add));
        terms.check(workflows, planners.agents());
        return new Team(skills, planners.agents(), workflows, terms.terms());
    }

    private void version(Section section) {
        var version = section.value("tutti");
        if (version.isEmpty()) {
            report.add(
                    "E-KEY-02",
                    "a team file says which version of the format it is written in",
                    List.of(),
                    "needs `tutti`",
                    "add `tutti: 1`");
        } else if (!version.get().equals(Value.of(1))) {
            report.add(
                    "E-VERSION-01",
                    "this is not a version of the format that is understood here",
                    List.of("tutti"),
                    "only 1 is",
                    "write `tutti: 1`");
        }
    }

    private List<Skill> skills(Section file) {
        var skills = new ArrayList<Skill>();
        var types = new TypeReader(report);
        file.named("skills", "skills", new Names(report, false, Set.of(), true))
                .forEach((name, value) -> {
                    var at = Report.below(file.at("skills"), name);
                    Section.struct(value, at, "an object with `input` and `output`", report)
                            .map(content -> new Section(content, Keys.SKILL, at, report))
                            .ifPresent(section ->
                                    skills.add(
                                            new Skill(
                                                    new SkillId(name),
                                                    type(section, "input", types),
                                                    type(section, "output", types),
                                                    section.text("description", "what it is for")
                                                            .orElse(""))));
                });
        return skills;
    }

    private static Type type(Section section, String key, TypeReader types) {
        return section.value(key)
                .map(value -> types.struct(value, section.at(key)))
                .orElse(Type.Struct.OPEN);
    }

    private PlannerReader agents(Section file) {
        var agents = new ArrayList<Agent>();
        var reader = new AgentReader(expressions, report, contracts);
        reader.equip(file);
        file.named("agents", "agents", new Names(report, false, Keys.RESERVED_FOR_AGENTS, true))
                .forEach((name, value) ->
                        reader.read(name, value, Report.below(file.at("agents"), name))
                                .ifPresent(agents::add));
        return new PlannerReader(expressions, report, reader.equipment(), agents);
    }

    private List<Workflow> workflows(Section file, List<Skill> skills, PlannerReader planners) {
        var sections = new LinkedHashMap<String, Section>();
        file.named("workflows", "workflows", new Names(report, false, Set.of(), true))
                .forEach((name, value) -> {
                    var at = Report.below(file.at("workflows"), name);
                    Section.struct(value, at, "an object with `tasks`", report)
                            .map(content -> Presets.writtenOut(content, at, file, report))
                            .map(content -> new Section(content, Keys.WORKFLOW, at, report))
                            .ifPresent(section -> sections.put(name, section));
                });
        var inputs = new LinkedHashMap<String, Type.Struct>();
        sections.forEach((name, section) -> inputs.put(name, input(section)));
        orchestrators(file, planners.agents(), inputs.keySet());
        var workflows = new ArrayList<Workflow>();
        var within = new ArrayList<Workflow>();
        sections.forEach((name, section) ->
                workflows.add(workflow(name, section, skills, planners, inputs, within)));
        workflows.addAll(within);
        return workflows;
    }

    /// Agents whose tasks are runs of a workflow name one that is there.
    private void orchestrators(Section file, List<Agent> agents, Set<String> workflows) {
        for (var agent : agents) {
            if (!agent.uses().equals(Agent.WORKFLOW)) {
                continue;
            }
            var at = Report.below(file.at("agents"), agent.id().value());
            var name = agent.workflow();
            if (name == null) {
                report.add(
                        "E-KEY-02",
                        "an agent that uses `workflow` says which",
                        at,
                        "needs `with`",
                        "add `with: { workflow: … }`");
            } else if (!workflows.contains(name)) {
                report.add(
                        "E-REF-08",
                        "the team has no workflow `" + DisplayWidth.shown(name) + "`",
                        Report.below(Report.below(at, "with"), "workflow"),
                        "unknown workflow",
                        Similar.to(name, workflows)
                                .map(near -> "write `" + near + "`")
                                .orElse(null));
            }
        }
    }

    private Workflow workflow(
            String name,
            Section section,
            List<Skill> skills,
            PlannerReader planners,
            Map<String, Type.Struct> inputs,
            List<Workflow> within) {
        var input = inputs.getOrDefault(name, Type.Struct.OPEN);
        mode(section);
        terms.workflow(name, section);
        var choreography = contracts.choreography(section);
        if (choreography != null) {
            return new Workflow(
                    name,
                    input,
                    List.of(),
                    section.value("output").orElse(Value.NULL),
                    onStall(section),
                    null,
                    budget(section),
                    choreography,
                    triggers(section, input),
                    List.of());
        }
        var planner = planners.read(section, null);
        var notes = NotesReader.rules(section, report);
        var reader =
                new TaskReader(
                        expressions,
                        input,
                        notes,
                        nearest,
                        report,
                        planners::add,
                        task -> goal(name, task, planners, planner, within));
        var tasks = new ArrayList<Task>();
        if (!section.has("tasks") && !section.has("goal")) {
            section.missing("tasks", "{ … }");
        }
        section.named("tasks", "tasks", new Names(report, true, Set.of(), false))
                .forEach((task, value) -> {
                    var at = Report.below(section.at("tasks"), task);
                    var read = reader.read(task, value, at);
                    tasks.add(new Ensembles(report).of(read, value, planners.agents(), at));
                    terms.task(name, task, value, at);
                });
        planned(tasks, planner, section);
        var output = section.value("output").orElse(Value.NULL);
        var callable = new LinkedHashMap<>(inputs);
        within.forEach(one -> callable.put(one.name(), one.input()));
        check(
                new PlanCheck.Plan(
                        name, input, tasks, output, skills, planners.agents(), callable, notes),
                section);
        return new Workflow(
                name,
                input,
                tasks,
                output,
                onStall(section),
                planner,
                budget(section),
                null,
                triggers(section, input),
                notes);
    }

    /// Only the planner of a run can find a way without a task.
    private void planned(List<Task> tasks, @Nullable Planner planner, Section section) {
        if (planner != null || section.has("goal")) {
            return;
        }
        for (var task : tasks) {
            if (task.policy().ladder().contains(Task.Remedy.REPLAN)) {
                var at = Report.below(section.at("tasks"), task.name());
                report.add(
                        "E-KEY-02",
                        "`replan` is for a workflow with a planner",
                        Report.below(Report.below(at, "on_failure"), Task.Remedy.REPLAN.word()),
                        "nobody plans this",
                        "add `goal` and `planner` to the workflow, or have a person asked: `ask`");
            }
        }
    }

    private List<Trigger> triggers(Section section, Type.Struct input) {
        return new TriggerReader(expressions, report).read(section, input);
    }

    /// A task with a goal is a run of a workflow that is nothing but this goal.
    private Task.Performer goal(
            String workflow,
            Section task,
            PlannerReader planners,
            @Nullable Planner above,
            List<Workflow> within) {
        var name = Workflow.within(workflow, task.at().getLast());
        within.add(
                new Workflow(
                        name,
                        Type.Struct.OPEN,
                        List.of(),
                        Value.NULL,
                        Task.Remedy.FAIL,
                        planners.read(task, above),
                        Budget.NONE));
        return new Task.Performer.ByWorkflow(name);
    }

    /// What a run may take; a deadline is the budget of its time by another name.
    private Budget budget(Section section) {
        var budget =
                section.struct("budget", "an object such as `{ usd: 0.50, time: 10m }`")
                        .map(content ->
                                Limits.budget(
                                        new Section(
                                                content,
                                                Keys.BUDGET,
                                                section.at("budget"),
                                                report)))
                        .orElse(Budget.NONE);
        if (section.has("deadline") && budget.time() != null) {
            report.add(
                    "E-KEY-03",
                    "`deadline` and `budget.time` say the same, so one of them is enough",
                    section.at("deadline"),
                    "one too many",
                    "remove `deadline`, or `time` from `budget`");
        }
        return section.duration("deadline")
                .map(time -> budget.within(new Budget(null, null, time, null, null)))
                .orElse(budget);
    }

    private Task.Remedy onStall(Section section) {
        var words = List.of("ask", "fail");
        var word = section.text("on_stall", "`ask` or `fail`").orElse("ask");
        if (!words.contains(word)) {
            report.unknownWord(word, section.at("on_stall"), words);
        }
        return word.equals("fail") ? Task.Remedy.FAIL : Task.Remedy.ASK;
    }

    private void contracts(List<Skill> skills, List<Agent> agents, List<Workflow> workflows) {
        var dances = new ArrayList<ContractCheck.Dance>();
        for (var one : workflows) {
            if (one.choreography() != null) {
                dances.add(
                        new ContractCheck.Dance(
                                one.name(), one.input(), one.output(), one.choreography()));
            }
        }
        ContractCheck.check(expressions, skills, agents, dances).forEach(report::add);
    }

    /// Who says what a run does next.
    private void mode(Section section) {
        var words = new ArrayList<>(Arrays.stream(Mode.values()).map(Mode::word).toList());
        words.add(AuctionReader.DECENTRALIZED);
        section.text("mode", "`choreography`, `decentralized`, or nothing for a plan")
                .filter(word -> !words.contains(word))
                .ifPresent(word -> report.unknownWord(word, section.at("mode"), words));
    }

    private Type.Struct input(Section section) {
        return section.value("input")
                .map(value -> new TypeReader(report).struct(value, section.at("input")))
                .filter(Type.Struct.class::isInstance)
                .map(Type.Struct.class::cast)
                .orElse(new Type.Struct(new LinkedHashMap<>(), false));
    }

    private void check(PlanCheck.Plan plan, Section section) {
        for (var fault : PlanCheck.check(expressions, plan)) {
            var path = new ArrayList<>(section.at());
            path.addAll(fault.at());
            var placed =
                    new Fault(
                            fault.code(),
                            fault.message(),
                            path,
                            fault.span(),
                            fault.label(),
                            fault.help());
            if (!isSaidAlready(placed)) {
                report.add(placed);
            }
        }
    }

    /// Whether the fault is about a value that could not be read, which has been reported.
    private boolean isSaidAlready(Fault fault) {
        if (fault.code().equals("E-REF-06")
                && fault.message().contains("`" + PerformerReader.NOBODY + "`")) {
            return true;
        }
        return fault.code().equals("E-NAME-03")
                && report.faults().stream()
                        .anyMatch(said ->
                                said.code().equals(fault.code()) && said.at().equals(fault.at()));
    }
}

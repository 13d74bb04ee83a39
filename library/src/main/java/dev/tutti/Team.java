package dev.tutti;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.dispatch.DispatchPolicy;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolUser;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.wiring.ProvidedExecutors;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Who can do what, and the workflows written for them: read from a team file, or put together in
/// Java.
///
/// Both come to the same: a team made in Java is the document that a team file would be.
public final class Team {
    private final LinkedHashMap<String, Value> agents = new LinkedHashMap<>();
    private final LinkedHashMap<String, Value> models = new LinkedHashMap<>();
    private final LinkedHashMap<String, Value> toolboxes = new LinkedHashMap<>();
    private final LinkedHashMap<String, Value> quotas = new LinkedHashMap<>();
    private final LinkedHashMap<String, Value> workflows = new LinkedHashMap<>();
    private final LinkedHashMap<String, AgentExecutor> functions = new LinkedHashMap<>();
    private final LinkedHashMap<String, Tool> tools = new LinkedHashMap<>();
    private final LinkedHashMap<String, DispatchPolicy> policies = new LinkedHashMap<>();
    private Value.Struct read;
    private final Path base;

    private Team(Value.Struct read, Path base) {
        this.read = read;
        this.base = base;
    }

    /// A team to be put together.
    public static Team define() {
        return new Team(Value.struct("tutti", Value.of(1)), Path.of(""));
    }

    /// A team from a file.
    ///
    /// @throws Refusal with every fault, when the file is not sound
    public static Team read(Path file) {
        var parsed = TeamFile.read(file);
        if (parsed.team().isEmpty()) {
            throw new Refusal("the team file " + file + " is not sound:", parsed.faults());
        }
        return of(parsed, file);
    }

    /// The team of a file that was read already.
    public static Team of(TeamFile parsed, Path file) {
        var parent = file.toAbsolutePath().getParent();
        return new Team(parsed.document(), parent == null ? Path.of("") : parent);
    }

    /// What a plain function does: a task's input to its output, both objects.
    @FunctionalInterface
    public interface Function {
        Map<String, ?> apply(Attempt attempt) throws Exception;
    }

    /// Adds an agent that is a function of this program.
    public Team agent(String name, String skill, Function function) {
        return agent(name, List.of(skill), new FunctionAgent(function));
    }

    /// Adds an agent that is a part of this program and reports outcomes itself.
    public Team agent(String name, List<String> skills, AgentExecutor executor) {
        functions.put(name, executor);
        return agent(name, skills, ProvidedExecutors.FUNCTION, Map.of());
    }

    /// Adds an agent with an executor by name, as a team file does.
    public Team agent(String name, List<String> skills, String uses, Map<String, ?> with) {
        var agent = Value.struct("skills", Value.from(skills), "uses", Value.text(uses));
        agents.put(name, with.isEmpty() ? agent : agent.with("with", Value.from(with)));
        return this;
    }

    /// Adds keys to an agent that was added before, such as `limits`, `price` or `needs`.
    public Team declare(String agent, Map<String, ?> keys) {
        if (!(agents.get(agent) instanceof Value.Struct known)) {
            throw new Refusal("there is no agent `" + agent + "` to say this of");
        }
        agents.put(agent, known.with((Value.Struct) Value.from(keys)));
        return this;
    }

    /// Says how agents are chosen where a task does not say, and what quality may cost, as a team
    /// file does: `Map.of("by", "learned", "worth", 0.20)`.
    public Team dispatch(Map<String, ?> keys) {
        read = read.with("dispatch", Value.from(keys));
        return this;
    }

    /// Adds a way of this program to choose agents, which tasks and [#dispatch] name as
    /// `custom/NAME`.
    public Team policy(String name, DispatchPolicy policy) {
        policies.put(name, policy);
        return this;
    }

    /// Adds a limit that all runs of the store share, as a team file does: `Map.of("requests",
    /// "500/min")`. It holds for agents that name it under `needs`.
    public Team quota(String name, Map<String, ?> limits) {
        quotas.put(name, Value.from(limits));
        return this;
    }

    /// Adds a language model, as a team file does.
    public Team model(String name, Map<String, ?> settings) {
        models.put(name, Value.from(settings));
        return this;
    }

    /// Adds a toolbox, as a team file does.
    public Team tools(String name, Map<String, ?> settings) {
        toolboxes.put(name, Value.from(settings));
        return this;
    }

    /// What a tool does that is a function of this program: its arguments to what the model gets.
    @FunctionalInterface
    public interface Call {
        Object apply(Value.Struct arguments) throws Exception;
    }

    /// Offers a function of this program as a tool, which agents name under `tools` and may call
    /// without asking. What it throws is told to the model.
    ///
    /// @param description what it does, for the model
    /// @param schema JSON Schema of its arguments, as plain data
    /// @param call gives plain data
    public Team tool(String name, String description, Map<String, ?> schema, Call call) {
        var described =
                new Tool.Description(name, description, (Value.Struct) Value.from(schema), false);
        return tool(name, new FunctionTool(described, call));
    }

    /// Offers a part of this program as a tool, called without asking.
    public Team tool(String name, Tool tool) {
        tools.put(name, tool);
        return tools(
                name, Map.of("uses", ToolUser.FUNCTION, "policy", List.of(Map.of("allow", true))));
    }

    private record FunctionTool(Description description, Call call) implements Tool {
        @Override
        public Result call(Value.Struct arguments, Attempt attempt) throws Exception {
            return Result.of(Value.from(call.apply(arguments)));
        }
    }

    /// Adds a workflow.
    public Team workflow(String name, Consumer<Workflow> content) {
        var workflow = new Workflow();
        content.accept(workflow);
        workflows.put(name, workflow.document());
        return this;
    }

    /// A goal for this team.
    ///
    /// @param inputs plain data
    public Goal goal(String workflow, Map<String, ?> inputs) {
        return Goal.of(this, workflow, inputs);
    }

    /// The document that a team file would be.
    public Value.Struct document() {
        var document = read;
        document = laidOver(document, "models", models);
        document = laidOver(document, "tools", toolboxes);
        document = laidOver(document, "quotas", quotas);
        document = agents.isEmpty() ? document : document.with("agents", new Value.Struct(agents));
        return workflows.isEmpty()
                ? document
                : document.with("workflows", new Value.Struct(workflows));
    }

    /// A team that was read from a file can be given a model or a tool in addition.
    private static Value.Struct laidOver(
            Value.Struct document, String key, SequencedMap<String, Value> added) {
        if (added.isEmpty()) {
            return document;
        }
        var over = new Value.Struct(added);
        return document.with(
                key, document.get(key) instanceof Value.Struct there ? there.with(over) : over);
    }

    /// The same team, were its document another.
    Team withDocument(Value.Struct document) {
        var team = new Team(document, base);
        team.functions.putAll(functions);
        team.tools.putAll(tools);
        return team;
    }

    Path base() {
        return base;
    }

    SequencedMap<String, AgentExecutor> functions() {
        return Collections.unmodifiableSequencedMap(functions);
    }

    SequencedMap<String, DispatchPolicy> policies() {
        return Collections.unmodifiableSequencedMap(policies);
    }

    SequencedMap<String, Tool> tools() {
        return Collections.unmodifiableSequencedMap(tools);
    }

    /// A workflow being written.
    public static final class Workflow {
        private final LinkedHashMap<String, Value> tasks = new LinkedHashMap<>();
        private Value.Struct document = Value.Struct.EMPTY;

        private Workflow() {}

        /// Declares the inputs, in the shorthand of team files: `Map.of("text", "string")`.
        public Workflow input(Map<String, ?> types) {
            document = document.with("input", Value.from(types));
            return this;
        }

        /// Adds a task for whoever has the skill.
        ///
        /// @param input plain data; texts may have expressions, `${input.text}`
        public Workflow task(String name, String skill, Map<String, ?> input) {
            return task(name, skill, input, Map.of());
        }

        /// Adds a task with further keys of the team file, such as `each` or `after`.
        public Workflow task(String name, String skill, Map<String, ?> input, Map<String, ?> keys) {
            var task = Value.struct("skill", Value.text(skill), "input", Value.from(input));
            tasks.put(name, task.with((Value.Struct) Value.from(keys)));
            return this;
        }

        /// What is asked, in words, for a planner to break into tasks: `"A brief on
        /// ${input.topic}"`. Tasks may be written beside it, which its plan then has from the
        /// start.
        public Workflow goal(String goal) {
            document = document.with("goal", Value.text(goal));
            return this;
        }

        /// Who plans: `search`, `llm`, or an agent, such as one that is a function of this program.
        /// Its task is given what there is to know, and its output is a proposal.
        public Workflow planner(String name) {
            document = document.with("planner", Value.text(name));
            return this;
        }

        /// Who plans, with further keys of the team file: `Map.of("agent", "chief", "rounds", 3)`.
        public Workflow planner(Map<String, ?> keys) {
            document = document.with("planner", Value.from(keys));
            return this;
        }

        /// What the run of a goal must give, by name.
        public Workflow wants(String... names) {
            document = document.with("wants", Value.from(List.of(names)));
            return this;
        }

        /// What the run of a goal must give, by name and type: `Map.of("report", "string")`.
        public Workflow wants(Map<String, ?> types) {
            document = document.with("wants", Value.from(types));
            return this;
        }

        /// The most that a run may take, in the keys of the team file: `Map.of("usd", 0.50, "time",
        /// "10m")`.
        public Workflow budget(Map<String, ?> limits) {
            document = document.with("budget", Value.from(limits));
            return this;
        }

        /// Adds a task that is a goal of its own: a run within, whose planner breaks it into tasks.
        ///
        /// @param goal what is asked, in words; may name what the task is given, `${input.claim}`
        /// @param input plain data with expressions
        /// @param keys of the team file: `planner`, `wants`, and those of any task
        public Workflow goal(String name, String goal, Map<String, ?> input, Map<String, ?> keys) {
            var task = Value.struct("goal", Value.text(goal), "input", Value.from(input));
            tasks.put(name, task.with((Value.Struct) Value.from(keys)));
            return this;
        }

        /// Which part of the places its runs have, compared with the runs of other workflows that
        /// wait for the same.
        public Workflow weight(double weight) {
            document = document.with("weight", Value.from(weight));
            return this;
        }

        /// What the run gives: plain data with expressions.
        public Workflow output(Object output) {
            document = document.with("output", Value.from(output));
            return this;
        }

        private Value.Struct document() {
            return tasks.isEmpty() && document.get("goal") != null
                    ? document
                    : document.with("tasks", new Value.Struct(tasks));
        }
    }
}

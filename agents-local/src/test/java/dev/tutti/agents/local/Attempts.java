package dev.tutti.agents.local;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/// Makes executors as the runtime does, and attempts for them.
public final class Attempts {
    private Attempts() {}

    public static AgentExecutor executor(String uses, Value.Struct with, Path store, Path base) {
        var agent = new Agent(new AgentId("agent"), List.of(), uses, with, Agent.Limits.DEFAULT);
        for (var provider : ServiceLoader.load(AgentProvider.class)) {
            if (provider.uses().contains(uses)) {
                return provider.create(new AgentSettings(agent, uses, store, base));
            }
        }
        throw new IllegalStateException("nobody provides " + uses);
    }

    /// What the attempt put out; fails where it failed.
    public static Value.Struct output(AgentExecutor executor, Value.Struct with, Value input)
            throws Exception {
        return switch (perform(executor, with, input)) {
            case Outcome.Succeeded(Value.Struct output, _) -> output;
            case Outcome other -> throw new AssertionError("not a struct: " + other);
        };
    }

    public static Outcome perform(AgentExecutor executor, Value.Struct with, Value input)
            throws Exception {
        return executor.perform(new Given((Value.Struct) input, with));
    }

    /// The text of a field.
    static String text(Value from, String field) {
        if (from instanceof Value.Struct struct
                && struct.get(field) instanceof Value.Text(var text)) {
            return text;
        }
        throw missing(from, field);
    }

    static double number(Value from, String field) {
        if (from instanceof Value.Struct struct
                && struct.get(field) instanceof Value.Real(var number)) {
            return number;
        }
        throw missing(from, field);
    }

    public static List<Value> list(Value from, String field) {
        if (from instanceof Value.Struct struct
                && struct.get(field) instanceof Value.Array(var items)) {
            return items;
        }
        throw missing(from, field);
    }

    private static AssertionError missing(Value from, String field) {
        return new AssertionError("no such " + field + " in " + from);
    }

    /// An attempt outside of any run.
    private record Given(Value.Struct input, Value.Struct settings) implements Attempt {
        @Override
        public RunId run() {
            return new RunId("run");
        }

        @Override
        public TaskId task() {
            return TaskId.of("task");
        }

        @Override
        public AgentId agent() {
            return new AgentId("agent");
        }

        @Override
        public int number() {
            return 1;
        }

        @Override
        public long token() {
            return 1;
        }

        @Override
        public Value effect(String name, Effect action) throws Exception {
            return action.perform(name);
        }

        @Override
        public void progress(double fraction, String message) {}

        @Override
        public String store(byte[] content, String mediaType, String name) {
            return Digest.hex(name);
        }
    }
}

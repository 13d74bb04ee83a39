package dev.tutti.agents.tools;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An attempt outside of any run, which remembers what it was told.
public final class Given implements Attempt {
    public final List<String> progress = Collections.synchronizedList(new ArrayList<>());
    public final List<Ask> asked = Collections.synchronizedList(new ArrayList<>());
    public final Map<String, byte[]> stored = new HashMap<>();
    public final Map<String, Taken> steps = new HashMap<>();
    private final Value.Struct input;
    private final Value.Struct settings;
    private final List<Value> answers = new ArrayList<>();

    public Given() {
        this(Value.Struct.EMPTY, Value.Struct.EMPTY);
    }

    public Given(Value.Struct input, Value.Struct settings) {
        this.input = input;
        this.settings = settings;
    }

    /// What people answer, one question after the other; without an answer the attempt ends.
    public Given answering(Value... values) {
        answers.addAll(List.of(values));
        return this;
    }

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
    public Value.Struct input() {
        return input;
    }

    @Override
    public Value.Struct settings() {
        return settings;
    }

    @Override
    public void progress(double fraction, String message) {
        progress.add(fraction + " " + message);
    }

    @Override
    public Taken step(Step step, Work work) throws Exception {
        @Nullable Taken taken = steps.get(step.name());
        if (taken == null) {
            taken = work.take();
            steps.put(step.name(), taken);
        }
        return taken;
    }

    @Override
    public Value ask(Ask ask) throws InterruptedException {
        asked.add(ask);
        if (answers.isEmpty()) {
            throw new Suspended(ask.text());
        }
        return answers.removeFirst();
    }

    @Override
    public Value effect(String name, Effect action) throws Exception {
        return action.perform(name);
    }

    @Override
    public String store(byte[] content, String mediaType, String name) {
        var hash = "hash-of-" + mediaType + "-" + content.length;
        stored.put(hash, content);
        return hash;
    }

    /// The text of a stored artifact.
    public String stored(String hash) {
        return new String(stored.getOrDefault(hash, new byte[0]), StandardCharsets.UTF_8);
    }
}

package dev.tutti.agents.process;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The second attempt at a task, which remembers what it was told.
final class GivenAttempt implements Attempt {
    final List<String> progress = new CopyOnWriteArrayList<>();
    final AtomicInteger beats = new AtomicInteger();
    final List<Step> steps = new ArrayList<>();
    final List<Taken> taken = new ArrayList<>();
    final Map<String, byte[]> artifacts = new LinkedHashMap<>();
    final List<String> labels = new ArrayList<>();
    private final Value.Struct settings;
    Value.Struct input = Value.struct("x", Value.of(3));
    String feedback = "too short";

    /// What an earlier attempt left on record.
    @Nullable Taken onRecord;

    GivenAttempt(Value.Struct settings) {
        this.settings = settings;
    }

    @Override
    public RunId run() {
        return new RunId("R1");
    }

    @Override
    public TaskId task() {
        return TaskId.of("t");
    }

    @Override
    public AgentId agent() {
        return new AgentId("command");
    }

    @Override
    public int number() {
        return 2;
    }

    @Override
    public long token() {
        return 7;
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
    public Optional<String> feedback() {
        return Optional.of(feedback);
    }

    @Override
    public void heartbeat() {
        beats.incrementAndGet();
    }

    @Override
    public void progress(double fraction, String message) {
        progress.add(message);
    }

    @Override
    public Taken step(Step step, Work work) throws Exception {
        steps.add(step);
        var known = onRecord;
        var now = known == null ? work.take() : known;
        taken.add(now);
        return now;
    }

    @Override
    public Value effect(String name, Effect action) throws Exception {
        return action.perform(name);
    }

    @Override
    public String store(byte[] content, String mediaType, String name) {
        var hash = "hash" + artifacts.size();
        artifacts.put(hash, content);
        labels.add(name);
        return hash;
    }

    @Override
    public byte[] load(String hash) throws IOException {
        var content = artifacts.get(hash);
        if (content == null) {
            throw new FileNotFoundException(hash);
        }
        return content;
    }
}

package dev.tutti.agents.llm;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.tool.Tool;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One agent, and attempts of it outside any run: steps go on a record that a further attempt goes
/// on from.
final class Trial {
    Value.Struct settings = Value.Struct.EMPTY;
    Value.Struct input = Value.struct("question", Value.text("What is the time?"));
    Type promised = Type.Any.ANY;
    Optional<String> feedback = Optional.empty();
    final Map<String, Tool> functions = new HashMap<>();
    final Map<String, Value> answers = new HashMap<>();
    final Map<String, byte[]> artifacts = new HashMap<>();

    /// Steps, in order, with what they gave.
    final List<Recorded> record = new ArrayList<>();

    /// The notes of the run that the task opens to its agent, with what each says.
    final Map<String, Attempt.Noted> notes = new LinkedHashMap<>();

    final List<Attempt.Ask> asked = new ArrayList<>();

    /// What was shown, at first.
    final List<String> shown = new ArrayList<>();

    /// Steps whose work was done, by the latest attempt.
    int worked;

    private static final int MOST_SHOWN = 1_000;

    private final Path store;

    record Recorded(Attempt.Step step, Attempt.Taken taken) {}

    Trial(Path store) {
        this.store = store;
    }

    Trial with(Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings = settings.with((String) namesAndValues[i], Value.from(namesAndValues[i + 1]));
        }
        return this;
    }

    Trial promising(Type type) {
        promised = type;
        return this;
    }

    /// A function as a tool that needs no leave.
    Trial tool(Tool tool) {
        var name = tool.description().name();
        functions.put(name, tool);
        var box =
                Map.of(
                        "name",
                        name,
                        "uses",
                        "function",
                        "policy",
                        List.of(Map.of("allow", "true")));
        return box(box);
    }

    Trial box(Map<String, ?> box) {
        var boxes = new ArrayList<Value>();
        if (settings.get("tools") instanceof Value.Array(var items)) {
            boxes.addAll(items);
        }
        boxes.add(Value.from(box));
        settings = settings.with("tools", new Value.Array(boxes));
        return this;
    }

    static Tool function(String name, java.util.function.Function<Value.Struct, Value> work) {
        return function(name, "Does " + name + ".", work);
    }

    static Tool function(
            String name, String text, java.util.function.Function<Value.Struct, Value> work) {
        var schema =
                (Value.Struct)
                        Value.from(
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of("x", Map.of("type", "integer"))));
        return new Tool() {
            @Override
            public Description description() {
                return new Description(name, text, schema, false);
            }

            @Override
            public Result call(Value.Struct arguments, Attempt attempt) {
                return Result.of(work.apply(arguments));
            }
        };
    }

    static Type.Struct struct(Object... namesAndTypes) {
        var fields = new LinkedHashMap<String, Type.Field>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.put((String) namesAndTypes[i], Type.Field.required((Type) namesAndTypes[i + 1]));
        }
        return new Type.Struct(fields, false);
    }

    /// Performs one attempt, which goes on from the record.
    Outcome perform() throws Exception {
        worked = 0;
        var agent =
                new Agent(new AgentId("writer"), List.of(), "llm", settings, Agent.Limits.DEFAULT);
        try (var executor =
                (LlmAgent)
                        new LlmProvider()
                                .create(new AgentSettings(agent, "llm", store, Path.of("")))) {
            executor.offered(name -> Optional.ofNullable(functions.get(name)));
            return executor.perform(new Try());
        }
    }

    /// An attempt that is made by hand, and goes on from the record.
    Attempt attempt() {
        return new Try();
    }

    Usage usage() {
        return record.stream()
                .map(recorded -> recorded.taken().usage())
                .reduce(Usage.NONE, Usage::plus);
    }

    /// What the last model step gave.
    Value.Struct last() {
        return (Value.Struct)
                record.stream()
                        .filter(recorded -> recorded.step().kind().equals("model"))
                        .toList()
                        .getLast()
                        .taken()
                        .result();
    }

    /// What the last model step says of something.
    String last(String key) {
        return String.valueOf(last().get(key));
    }

    private final class Try implements Attempt {
        private int at;

        @Override
        public RunId run() {
            return new RunId("01JZZZZZZZZZZZZZZZZZZZZZZZ");
        }

        @Override
        public TaskId task() {
            return TaskId.of("task");
        }

        @Override
        public AgentId agent() {
            return new AgentId("writer");
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
        public Type promised() {
            return promised;
        }

        @Override
        public Optional<String> feedback() {
            return feedback;
        }

        @Override
        public void progress(double fraction, String message) {
            if (shown.size() < MOST_SHOWN) {
                shown.add(message);
            }
        }

        @Override
        public Taken step(Step step, Work work) throws Exception {
            if (at < record.size() && record.get(at).step().equals(step)) {
                return record.get(at++).taken();
            }
            record.subList(at, record.size()).clear();
            worked++;
            var taken = work.take();
            record.add(new Recorded(step, taken));
            at++;
            return taken;
        }

        @Override
        public List<String> writable() {
            return List.copyOf(notes.keySet());
        }

        @Override
        public Noted readNote(String key) {
            var note = notes.get(key);
            if (note == null) {
                throw new IllegalArgumentException("may not read note `" + key + "`");
            }
            return note;
        }

        @Override
        public Write writeNote(String name, String key, Value value, @Nullable Integer expect) {
            var note = readNote(key);
            if (expect != null && expect != note.version()) {
                return new Write(false, note);
            }
            notes.put(key, new Noted(key, note.version() + 1, value));
            return new Write(true, notes.get(key));
        }

        @Override
        public Value ask(Ask ask) throws InterruptedException {
            asked.add(ask);
            var answer = answers.get(ask.name());
            if (answer == null) {
                throw new Suspended(ask.text());
            }
            return answer;
        }

        @Override
        public Value effect(String name, Effect action) throws Exception {
            return action.perform(name);
        }

        @Override
        public String store(byte[] content, String mediaType, String name) {
            var hash = Sha256.hex(content);
            artifacts.put(hash, content);
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
}

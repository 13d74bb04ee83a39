package dev.tutti.agents.llm.scripted;

import dev.tutti.agents.llm.model.LanguageModel;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.llm.model.Prompt;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.agents.llm.model.Trouble;
import dev.tutti.core.event.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Says what a list of replies says. For each turn of a conversation it takes the first reply that
/// fits what was said since its last turn and that it has not taken in this conversation, or may
/// take again.
public final class ScriptedModel implements LanguageModel {
    private static final int MOST_CONVERSATIONS = 1_000;
    private static final int LONGEST_SHOWN = 200;

    private final String name;
    private final List<Line> lines;

    /// The errors already made in each conversation: they leave no trace in what was said.
    private final Map<String, Set<Integer>> errors =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(
                                Map.Entry<String, Set<Integer>> eldest) {
                            return size() > MOST_CONVERSATIONS;
                        }
                    });

    private ScriptedModel(String name, List<Line> lines) {
        this.name = name;
        this.lines = lines;
    }

    /// Reads a script.
    ///
    /// @param declared with `replies`, or with the file of them under `script`
    /// @param base the folder that relative paths start from
    /// @throws IllegalArgumentException when the script cannot be used, saying where and why
    public static LanguageModel of(Value.Struct declared, Path base) {
        var replies =
                declared.get("script") instanceof Value.Text(var file)
                        ? ScriptFile.read(base.resolve(file))
                        : declared.get("replies");
        if (!(replies instanceof Value.Array(var items)) || items.isEmpty()) {
            throw new IllegalArgumentException(
                    "a script is a list of replies, such as [ { text: hello } ]");
        }
        var lines = new ArrayList<Line>();
        for (var item : items) {
            lines.add(Line.read(item, lines.size() + 1));
        }
        return new ScriptedModel(
                declared.get("name") instanceof Value.Text(var name) ? name : "scripted", lines);
    }

    @Override
    public Reply reply(Prompt prompt, Consumer<String> heard) throws Trouble, InterruptedException {
        var made =
                errors.computeIfAbsent(prompt.conversation(), _ -> ConcurrentHashMap.newKeySet());
        int number = next(prompt.messages(), made);
        var line = lines.get(number);
        if (line.delay().isPositive()) {
            Thread.sleep(line.delay());
        }
        var error = line.error();
        if (error != null) {
            if (!line.again()) {
                made.add(number);
            }
            throw new Trouble(error, line.text(), line.retryAfter());
        }
        for (var word : line.text().splitWithDelimiters("(?<=\\s)", 0)) {
            heard.accept(word);
        }
        int turn = (int) prompt.messages().stream().filter(Message.Said.class::isInstance).count();
        var calls = new ArrayList<Message.Call>();
        for (var call : line.calls()) {
            calls.add(
                    new Message.Call(
                            "call_" + (turn + 1) + "_" + (calls.size() + 1),
                            call.name(),
                            call.arguments()));
        }
        return new Reply(line.text(), calls, line.finish(), name, line.tokens());
    }

    /// Goes through the conversation again, and comes to the turn that is due.
    private int next(List<Message> messages, Set<Integer> made) throws Trouble {
        var taken = new HashSet<>(made);
        var heard = new StringBuilder();
        for (var message : messages) {
            switch (message) {
                case Message.Said _ -> {
                    var line = fitting(heard, taken);
                    if (line != null && !lines.get(line).again()) {
                        taken.add(line);
                    }
                    heard.setLength(0);
                }
                case Message.Instructions(var text) -> heard.append(text).append('\n');
                case Message.Asked(var text, _) -> heard.append(text).append('\n');
                case Message.Given(_, _, var text) -> heard.append(text).append('\n');
            }
        }
        var line = fitting(heard, taken);
        if (line == null) {
            throw new Trouble(
                    Trouble.Kind.UNSCRIPTED,
                    "the script of `"
                            + name
                            + "` has no reply left to: “"
                            + shortened(heard)
                            + "”; add one, or `repeat: true` to one that fits");
        }
        return line;
    }

    private @Nullable Integer fitting(CharSequence heard, Set<Integer> taken) {
        for (int i = 0; i < lines.size(); i++) {
            if (!taken.contains(i) && lines.get(i).fits(heard)) {
                return i;
            }
        }
        return null;
    }

    private static String shortened(CharSequence text) {
        var line = text.toString().replaceAll("\\s+", " ").strip();
        return line.length() > LONGEST_SHOWN
                ? "…" + line.substring(line.length() - LONGEST_SHOWN)
                : line;
    }
}

package dev.tutti.teamfile;

import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Giving;
import dev.tutti.core.event.Sharing.Recall;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the notes that a workflow shares, and those that its tasks write and read.
final class NotesReader {
    private static final List<String> REDUCERS = List.of("last", "append", "max", "merge");
    private static final int FEWEST_TOKENS = 10;
    private static final int MOST_TOKENS = 10_000_000;
    private static final List<String> COMPACT = List.of("extract", "model");
    private static final List<String> KINDS = List.of("fact", "episode", "procedure");
    private static final int RECALLED = 5;
    private static final int MOST_RECALLED = 100;
    private static final List<String> TRUST = List.of("agent", "outside");

    private final Report report;
    private final Map<String, Sharing.Rule> rules = new LinkedHashMap<>();

    /// @param rules of the workflow
    NotesReader(Report report, List<Sharing.Rule> rules) {
        this.report = report;
        rules.forEach(rule -> this.rules.put(rule.key(), rule));
    }

    /// The notes that a workflow shares between its tasks.
    static List<Sharing.Rule> rules(Section workflow, Report report) {
        var rules = new ArrayList<Sharing.Rule>();
        workflow.named("notes", "notes", new Names(report, true, Set.of(), true))
                .forEach((key, value) -> {
                    var at = Report.below(workflow.at("notes"), key);
                    if (value instanceof Value.Text(var word)) {
                        reducer(word, at, report)
                                .map(by -> new Sharing.Rule(key, by, List.of(), List.of()))
                                .ifPresent(rules::add);
                        return;
                    }
                    Section.struct(
                                    value,
                                    at,
                                    "how it is kept, such as `append`, or an object such as"
                                            + " `{ by: append, write: [read] }`",
                                    report)
                            .map(content -> new Section(content, Keys.SHARED_NOTE, at, report))
                            .ifPresent(section -> rules.add(rule(key, section, report)));
                });
        return rules;
    }

    private static Sharing.Rule rule(String key, Section section, Report report) {
        var by =
                section.text("by", "a word or an expression")
                        .flatMap(word -> reducer(word, section.at("by"), report))
                        .orElse(Reducer.LAST);
        return new Sharing.Rule(
                key,
                by,
                section.words("write", "a task, or a list of tasks"),
                section.words("read", "a task, or a list of tasks"));
    }

    private static Optional<Reducer> reducer(String word, List<String> at, Report report) {
        if (word.contains("${")) {
            return Optional.of(new Reducer.Computed(word));
        }
        return switch (word) {
            case "last" -> Optional.of(Reducer.LAST);
            case "append" -> Optional.of(Reducer.APPEND);
            case "max" -> Optional.of(Reducer.MAX);
            case "merge" -> Optional.of(Reducer.MERGE);
            default -> {
                report.unknownWord(word, at, REDUCERS);
                yield Optional.empty();
            }
        };
    }

    /// What a task shares.
    Sharing read(String task, Section section) {
        var giving = giving(section);
        var content =
                section.has("notes")
                        ? section.struct(
                                "notes", "an object such as `{ write: { … }, read: [ … ] }`")
                        : Optional.<Value.Struct>empty();
        if (content.isEmpty()) {
            return new Sharing(List.of(), List.of(), false, giving);
        }
        var notes = new Section(content.get(), Keys.NOTES, section.at("notes"), report);
        var writes = new ArrayList<Sharing.Write>();
        notes.named("write", "notes", new Names(report, true, Set.of(), true))
                .forEach((key, value) -> write(task, key, value, notes).ifPresent(writes::add));
        for (var key : notes.words("agent", "a note, or a list of notes")) {
            var rule = rules.get(key);
            writes.add(
                    rule == null
                            ? new Sharing.Write(task + "." + key, null, Reducer.LAST)
                            : new Sharing.Write(key, null, rule.by()));
        }
        twice(writes, notes);
        var trust = notes.text("trust", "`agent` or `outside`").orElse("agent");
        if (!TRUST.contains(trust)) {
            report.unknownWord(trust, notes.at("trust"), TRUST);
        }
        return new Sharing(writes, reads(task, section, notes), trust.equals("outside"), giving);
    }

    /// How much the agent of a task is given.
    private Giving giving(Section section) {
        if (!section.has("context")) {
            return Giving.ALL;
        }
        var content = section.struct("context", "an object such as `{ tokens: 4000 }`");
        if (content.isEmpty()) {
            return Giving.ALL;
        }
        var context = new Section(content.get(), Keys.CONTEXT, section.at("context"), report);
        var recall = context.value("recall").flatMap(value -> recall(context, value)).orElse(null);
        var compact = context.text("compact", "`extract` or `model`").orElse("extract");
        if (!COMPACT.contains(compact)) {
            report.unknownWord(compact, context.at("compact"), COMPACT);
        }
        boolean condensed = compact.equals("model");
        if (!context.has("tokens") && (condensed || !context.has("recall"))) {
            context.missing("tokens", "4000");
        }
        int tokens = context.whole("tokens", FEWEST_TOKENS, MOST_TOKENS).orElse(0);
        return new Giving(tokens, recall, condensed);
    }

    private Optional<Recall> recall(Section context, Value value) {
        if (value instanceof Value.Int) {
            return context.whole("recall", 1, MOST_RECALLED)
                    .map(most -> new Recall(most, null, null, List.of()));
        }
        var content = context.struct("recall", "a number, or an object such as `{ most: 5 }`");
        if (content.isEmpty()) {
            return Optional.empty();
        }
        var recall = new Section(content.get(), Keys.RECALL, context.at("recall"), report);
        var kinds = recall.words("kinds", "`fact`, `episode` or `procedure`, or a list of them");
        kinds.stream()
                .filter(kind -> !KINDS.contains(kind))
                .forEach(kind -> report.unknownWord(kind, recall.at("kinds"), KINDS));
        return Optional.of(
                new Recall(
                        recall.whole("most", 1, MOST_RECALLED).orElse(RECALLED),
                        recall.text("query", "a field of the input").orElse(null),
                        recall.text("about", "a field of the input").orElse(null),
                        kinds));
    }

    private Optional<Sharing.Write> write(String task, String key, Value value, Section notes) {
        var at = Report.below(notes.at("write"), key);
        var rule = rules.get(key);
        var whole = rule == null ? task + "." + key : key;
        var kept = rule == null ? (Reducer) Reducer.LAST : rule.by();
        if (!(value instanceof Value.Struct content)) {
            return Optional.of(new Sharing.Write(whole, value, kept));
        }
        var section = new Section(content, Keys.NOTE, at, report);
        if (!section.has("value")) {
            section.missing("value", "\"${output}\"");
            return Optional.empty();
        }
        var by = section.text("by", "a word or an expression");
        if (by.isPresent() && rule != null) {
            report.add(
                    "E-NOTE-03",
                    "how the note `" + key + "` is kept is said where the workflow shares it",
                    section.at("by"),
                    "said already",
                    "remove `by`");
        }
        return Optional.of(
                new Sharing.Write(
                        whole,
                        section.value("value").orElse(Value.NULL),
                        rule != null
                                ? kept
                                : by.flatMap(word -> reducer(word, section.at("by"), report))
                                        .orElse(kept),
                        expect(section)));
    }

    private @Nullable String expect(Section section) {
        if (section.value("expect").orElse(Value.NULL) instanceof Value.Int) {
            return section.whole("expect", 0, Integer.MAX_VALUE)
                    .map(version -> "${" + version + "}")
                    .orElse(null);
        }
        var words = List.of(Sharing.Write.ABSENT, Sharing.Write.READ);
        var text = section.text("expect", "`absent`, `read`, or a version").orElse(null);
        if (text != null && !text.contains("${") && !words.contains(text)) {
            report.unknownWord(text, section.at("expect"), words);
            return null;
        }
        return text;
    }

    private void twice(List<Sharing.Write> writes, Section notes) {
        var keys = new LinkedHashSet<String>();
        for (var write : writes) {
            if (!keys.add(write.key())) {
                report.add(
                        "E-NOTE-03",
                        "the note `" + write.key() + "` is written here twice",
                        notes.at("agent"),
                        "by the task and by its agent",
                        "keep one of the two");
            }
        }
    }

    /// Patterns: a shared note, `task.note`, `task.*`, or `*` for all that the task may read.
    private List<String> reads(String task, Section section, Section notes) {
        var patterns = new LinkedHashSet<String>();
        for (var word : notes.words("read", "a note, or a list of notes")) {
            if (word.equals("*")) {
                rules.values().stream()
                        .filter(rule -> rule.readers().isEmpty() || rule.readers().contains(task))
                        .forEach(rule -> patterns.add(rule.key()));
                patterns.add("*.*");
            } else {
                patterns.add(word);
            }
        }
        if (!patterns.isEmpty()
                && section.value("input").orElse(Value.NULL) instanceof Value.Struct input
                && input.get("notes") != null) {
            report.add(
                    "E-NOTE-03",
                    "what `read` gives is the field `notes` of the input, which is given here too",
                    notes.at("read"),
                    "`notes` twice",
                    "call the field of `input` something else");
        }
        return List.copyOf(patterns);
    }
}

package dev.tutti.teamfile;

import dev.tutti.core.agent.Retries;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Effects;
import dev.tutti.core.event.Task.Remedy;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads what counts as done, and what happens when it is not.
final class PolicyReader {
    private static final Task.Retry ONCE =
            new Task.Retry(1, Task.Retry.DEFAULT.first(), Task.Retry.DEFAULT.ceiling());

    private final PerformerReader performers;
    private final Report report;
    private final Consumer<Agent> commands;

    /// @param commands takes the agents that stand for commands
    PolicyReader(PerformerReader performers, Report report, Consumer<Agent> commands) {
        this.performers = performers;
        this.report = report;
        this.commands = commands;
    }

    Task.Policy read(Section task, Task.Performer performer) {
        boolean isRun = performer instanceof Task.Performer.ByWorkflow;
        var ladder = ladder(task);
        return new Task.Policy(
                retry(task, isRun ? ONCE : Task.Retry.DEFAULT),
                ladder.rungs(),
                timeouts(task),
                new Task.Gate(conditions(task), verify(task)),
                effects(task, report),
                performers.agent("approve", task),
                undo(task),
                ladder.escalation(),
                rules(task, performer));
    }

    /// Which agents may have it. What no agent does has no rules.
    private List<Task.Rule> rules(Section task, Task.Performer performer) {
        if (!task.has("policy")) {
            return List.of();
        }
        if (performer instanceof Task.Performer.ByWorkflow
                || performer instanceof Task.Performer.ByMessage) {
            report.add(
                    "E-KEY-03",
                    "`policy` says which agents may have a task, and no agent has this one",
                    task.at("policy"),
                    "nobody to rule on",
                    "remove it, or name a skill or an agent; `approve` has a person agree first");
            return List.of();
        }
        return RulesReader.read(task, report, RulesReader::asWritten).stream()
                .map(rule -> new Task.Rule(rule.decision(), rule.condition()))
                .toList();
    }

    /// A run of its own has made its attempts already: it is tried again only if that is written.
    private Task.Retry retry(Section task, Task.Retry standard) {
        return task.struct("retry", "an object such as `{ attempts: 3, backoff: 1s..30s }`")
                .map(content -> new Section(content, Keys.RETRY, task.at("retry"), report))
                .map(section -> {
                    int attempts =
                            section.whole("attempts", 1, Retries.MOST_ATTEMPTS)
                                    .orElse(Task.Retry.DEFAULT.attempts());
                    var pause =
                            section.value("backoff")
                                    .flatMap(value ->
                                            Durations.range(value, section.at("backoff"), report));
                    return pause.map(range -> new Task.Retry(attempts, range.from(), range.to()))
                            .orElse(new Task.Retry(attempts, standard.first(), standard.ceiling()));
                })
                .orElse(standard);
    }

    /// What is tried once the attempts are used up: words, and the person a failure goes to.
    private Ladder ladder(Section section) {
        var at = section.at("on_failure");
        var rungs = new ArrayList<Remedy>();
        AgentId escalation = null;
        switch (section.value("on_failure").orElse(Value.NULL)) {
            case Value.Array(var items) -> {
                for (int i = 0; i < items.size(); i++) {
                    escalation = rung(items.get(i), at, Integer.toString(i), rungs, escalation);
                }
            }
            case Value.Null _ -> {}
            case Value.Bool _, Value.Int _, Value.Real _, Value.Text _, Value.Struct _ ->
                    escalation =
                            rung(
                                    section.value("on_failure").orElse(Value.NULL),
                                    at,
                                    null,
                                    rungs,
                                    null);
        }
        unreached(rungs, at);
        return new Ladder(rungs.equals(List.of(Remedy.FAIL)) ? List.of() : rungs, escalation);
    }

    private record Ladder(List<Remedy> rungs, @Nullable AgentId escalation) {}

    /// @param index where it stands in the list, or null where it stands alone
    /// @param named whom failures go to so far
    /// @return whom they go to now
    private @Nullable AgentId rung(
            Value value,
            List<String> at,
            @Nullable String index,
            List<Remedy> rungs,
            @Nullable AgentId named) {
        switch (value) {
            case Value.Text(var word) -> word(word, Report.below(at, word), rungs);
            case Value.Struct content -> {
                var here = index == null ? at : Report.below(at, index);
                var section = new Section(content, Keys.ESCALATION, here, report);
                if (!section.has("escalate")) {
                    section.missing("escalate", "boss");
                    return named;
                }
                var to = performers.agent("escalate", section);
                if (rungs.contains(Remedy.ESCALATE)) {
                    report.add(
                            "E-KEY-03",
                            "a failure is escalated once; its agent's `ask` says who comes next",
                            here,
                            "one too many",
                            "remove it, and name the next under `with.ask` of that agent");
                    return named;
                }
                rungs.add(Remedy.ESCALATE);
                return to;
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Array _ ->
                    report.add(
                            Section.shape(
                                    value,
                                    index == null ? at : Report.below(at, index),
                                    "a word such as `skip`, or `{ escalate: … }`"));
        }
        return named;
    }

    private void word(String word, List<String> at, List<Remedy> rungs) {
        if (word.equals(Remedy.ESCALATE.word())) {
            report.add(
                    "E-KEY-02",
                    "`escalate` says to which person",
                    at,
                    "to whom?",
                    "write `{ escalate: boss }`, where `boss` is an agent with `uses: human`, or `ask`");
        } else if (Keys.REMEDIES.contains(word)) {
            rungs.add(Remedy.valueOf(word.toUpperCase(Locale.ROOT)));
        } else {
            report.unknownWord(word, at, Keys.REMEDIES);
        }
    }

    private void unreached(List<Remedy> ladder, List<String> at) {
        for (int i = 0; i < ladder.size() - 1; i++) {
            if (ladder.get(i) == Remedy.SKIP || ladder.get(i) == Remedy.FAIL) {
                report.add(
                        "E-KEY-03",
                        "`"
                                + ladder.get(i).word()
                                + "` settles it; what follows on the ladder is never reached",
                        at,
                        "never reached",
                        null);
                break;
            }
        }
    }

    private Task.Timeouts timeouts(Section task) {
        if (!(task.value("timeout").orElse(Value.NULL) instanceof Value.Struct content)) {
            return task.duration("timeout").map(Task.Timeouts::ofRun).orElse(Task.Timeouts.NONE);
        }
        var section = new Section(content, Keys.TIMEOUT, task.at("timeout"), report);
        return new Task.Timeouts(
                section.duration("queued").orElse(null),
                section.duration("run").orElse(null),
                section.duration("idle").orElse(null),
                section.duration("overall").orElse(null));
    }

    private static List<String> conditions(Section task) {
        return task.words("accept", "a condition such as `${size(output.text) > 0}`, or a list");
    }

    private Task.@Nullable Verify verify(Section task) {
        return task.struct("verify", "an object such as `{ skill: check }`")
                .map(content -> new Section(content, Keys.VERIFY, task.at("verify"), report))
                .map(section ->
                        new Task.Verify(
                                section.has("command") ? command(section) : other(section),
                                section.struct("input", "an object").orElse(null),
                                section.text("accept", "a condition such as `${output.ok}`")
                                        .orElse(Task.Verify.OK)))
                .orElse(null);
    }

    /// A command is an agent that no other task can name: agents of the file have no colon.
    private Task.Performer command(Section section) {
        var words = section.words("command", "a list of texts, the program first");
        if (section.has("skill") || section.has("agent")) {
            report.add(
                    "E-KEY-03",
                    "`verify` has one of skill, agent and command",
                    section.at("command"),
                    "one too many",
                    "remove `command`, or what stands beside it");
        }
        var id =
                new AgentId(
                        "command:"
                                + String.join("/", section.at().subList(1, section.at().size())));
        commands.accept(
                new Agent(
                        id,
                        List.of(),
                        "process",
                        Value.struct("command", Value.from(words), "verdict", Value.of(true)),
                        Agent.Limits.DEFAULT));
        return new Task.Performer.ByAgent(id);
    }

    private Task.@Nullable Undo undo(Section task) {
        return task.struct("compensate", "an object such as `{ skill: refund }`")
                .map(content ->
                        new Section(content, Keys.COMPENSATE, task.at("compensate"), report))
                .map(section ->
                        new Task.Undo(
                                other(section),
                                section.struct("input", "an object").orElse(Value.Struct.EMPTY)))
                .orElse(null);
    }

    private Task.Performer other(Section section) {
        if (!section.has("skill") && !section.has("agent")) {
            section.missing("skill", "…");
        }
        return performers.agentOrSkill(section);
    }

    static @Nullable Effects effects(Section section, Report report) {
        var words = List.of(Effects.IDEMPOTENT.word(), Effects.AT_MOST_ONCE.word());
        var word = section.text("effects", "`idempotent` or `at_most_once`").orElse(null);
        if (word == null) {
            return null;
        }
        if (!words.contains(word)) {
            report.unknownWord(word, section.at("effects"), words);
            return null;
        }
        return Effects.valueOf(word.toUpperCase(Locale.ROOT));
    }
}

package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Printable;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/// Events in words. The stages are those of the vocabulary, which are the lanes of every view.
public final class Sentences {
    private static final int LONGEST = 400;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private Sentences() {}

    /// An event in words.
    ///
    /// @param stage `goal`, `plan`, `dispatch`, `agent`, `memory`, `synthesis` or `time`
    /// @param task what it is about, `read[3]`, or empty for the run as a whole
    public record Said(String stage, String task, String sentence) {}

    public static Said of(Event event) {
        return switch (event) {
            case Event.RunStarted e ->
                    new Said("goal", "", "the run of " + e.goal() + " started" + with(e.inputs()));
            case Event.Closing e ->
                    new Said(
                            "goal",
                            "",
                            "the run is closing as " + e.status().word() + ": " + line(e.reason()));
            case Event.Ended e -> new Said("goal", "", ended(e));
            case Event.Refused e ->
                    new Said("goal", "", "`" + e.command() + "` was refused: " + line(e.reason()));
            case Event.PlanAmended e ->
                    new Said(
                            "plan",
                            "",
                            "the "
                                    + e.author()
                                    + " added "
                                    + Figures.count(e.tasks().size(), "task")
                                    + ": "
                                    + line(e.reason()));
            case Event.FannedOut e ->
                    new Said("plan", e.task(), "fans out over " + Figures.count(e.width(), "item"));
            case Event.TaskReady e -> about("plan", e.task(), "is ready");
            case Event.TaskSkipped e -> about("plan", e.task(), "is skipped: " + line(e.reason()));
            case Event.TaskFailed e -> about("plan", e.task(), "failed: " + failure(e.failure()));
            case Event.Assigned e -> about("dispatch", e.task(), assigned(e));
            case Event.AttemptEnded e ->
                    about(
                            "agent",
                            e.task(),
                            "the attempt ended: " + failure(e.failure()) + used(e.usage()));
            case Event.ArtifactStored e ->
                    about(
                            "memory",
                            e.task(),
                            "stored "
                                    + line(e.name())
                                    + " ("
                                    + e.mediaType()
                                    + ", "
                                    + Figures.bytes(e.size())
                                    + ") as "
                                    + e.hash().substring(0, 12));
            case Event.ResultAccepted e ->
                    about(
                            "synthesis",
                            e.task(),
                            "gave a result" + brief(e.output()) + used(e.usage()));
            case Event.Joined e ->
                    new Said("synthesis", e.task(), "is joined: every item is finished");
            case Event.TimerSet e -> timer(e.timer(), "at " + TIME.format(e.due()));
            case Event.TimerFired e -> timer(e.timer(), "now");
        };
    }

    private static Said about(String stage, TaskId task, String sentence) {
        return new Said(stage, task.toString(), sentence);
    }

    private static String with(Value.Struct inputs) {
        return inputs.fields().isEmpty()
                ? ""
                : " with " + Printable.line(Json.text(inputs), LONGEST);
    }

    private static String ended(Event.Ended e) {
        var failure = e.failure();
        return (e.status() == Status.CANCELLED
                        ? "the run was cancelled"
                        : "the run " + e.status().word())
                + (failure == null ? "" : ": " + failure(failure));
    }

    private static String assigned(Event.Assigned e) {
        long excluded = e.candidates().stream().filter(one -> one.excluded() != null).count();
        long considered = e.candidates().size();
        var choice =
                considered > 1
                        ? ", chosen of "
                                + considered
                                + (excluded > 0 ? " (" + excluded + " excluded)" : "")
                        : "";
        return "given to "
                + e.agent()
                + (e.attempt() > 1 ? ", attempt " + e.attempt() : "")
                + choice
                + (e.due() == null ? "" : ", due " + Figures.instant(e.due()));
    }

    private static Said timer(Timer timer, String when) {
        return switch (timer) {
            case Timer.RetryDue(var task) -> about("time", task, "tries again " + when);
            case Timer.AttemptDue(var token) ->
                    new Said("time", "", "attempt " + token + " is given up " + when);
            case Timer.CloseDue() -> new Said("time", "", "open attempts are given up " + when);
        };
    }

    private static String used(Usage usage) {
        var used = Figures.usage(usage);
        return used.isEmpty() ? "" : ", " + used;
    }

    /// A failure as one line: what happened, then its code.
    public static String failure(Failure failure) {
        return line(failure.message()) + " [" + Printable.line(failure.code()) + "]";
    }

    private static String brief(Value output) {
        return summary(output).map(text -> ": " + text).orElse("");
    }

    /// What an output is, in a few words, where that can be said: `12 passages`, or a short text
    /// itself.
    public static Optional<String> summary(Value output) {
        return switch (output) {
            case Value.Array(var items) -> Optional.of(Figures.count(items.size(), "result"));
            case Value.Text(var text) -> Optional.of(Printable.line(text, 60));
            case Value.Struct(var fields) -> {
                var lists =
                        fields.entrySet().stream()
                                .filter(field -> field.getValue() instanceof Value.Array)
                                .map(Sentences::counted)
                                .toList();
                yield lists.isEmpty() || lists.size() > 2
                        ? Optional.empty()
                        : Optional.of(String.join(", ", lists));
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> Optional.empty();
        };
    }

    private static String counted(Map.Entry<String, Value> field) {
        int size = field.getValue() instanceof Value.Array(var items) ? items.size() : 0;
        var name = Printable.line(field.getKey(), 30);
        var noun =
                size == 1 && name.endsWith("s") && !name.endsWith("ss")
                        ? name.substring(0, name.length() - 1)
                        : name;
        return Figures.count(size) + " " + noun;
    }

    private static String line(String text) {
        return Printable.line(text, LONGEST);
    }
}

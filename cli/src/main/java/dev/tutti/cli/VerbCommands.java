package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The verbs by which a person changes the course of a run.
final class VerbCommands {
    private static final String DONE_LINE = "0:done, and on disk";
    private static final String REFUSED_LINE =
            "2:refused, as it makes no sense as the run stands; nothing was done";

    private VerbCommands() {}

    /// A verb.
    @Command(
            mixinStandardHelpOptions = true,
            exitCodeListHeading = ExitCode.HEADING,
            exitCodeList = {DONE_LINE, REFUSED_LINE, ExitCode.INTERNAL_LINE})
    abstract static class Steered implements Callable<Integer> {
        private final Shell shell;

        @Mixin private final Steering steering = new Steering();

        Steered(Shell shell) {
            this.shell = shell;
        }

        abstract Verb verb();

        @Override
        public Integer call() throws InterruptedException {
            return steering.carryOut(shell, verb());
        }
    }

    /// Stops dispatching.
    @Command(
            name = "pause",
            description =
                    "Begins nothing new and stops the run's timers until `tutti resume`."
                            + " Attempts under way go on, and their results are kept.")
    static final class Pause extends Steered {
        Pause(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return new Verb.Pause();
        }
    }

    /// Goes on.
    @Command(
            name = "resume",
            description = "Goes on with a paused run; its timers are put off by as long as it was.")
    static final class Resume extends Steered {
        Resume(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return new Verb.Resume();
        }
    }

    /// Ends a run, or gives up tasks.
    @Command(
            name = "cancel",
            description =
                    "Ends a run without a result. Attempts under way are asked to stop, and what"
                            + " can be taken back is; what is done stays to be seen.")
    static final class Cancel extends Steered {
        @Option(names = "--force", description = "Waits no longer for attempts that do not stop")
        private boolean force;

        @Option(
                names = "--task",
                paramLabel = "TASK",
                description = "Gives up only these tasks; the run goes on without them")
        private List<String> tasks = List.of();

        Cancel(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return tasks.isEmpty() ? new Verb.Cancel(force) : new Verb.CancelTasks(tasks);
        }
    }

    /// Ends at once.
    @Command(
            name = "terminate",
            description = "Ends a run at once: nothing is waited for and nothing taken back.")
    static final class Terminate extends Steered {
        Terminate(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return new Verb.Terminate();
        }
    }

    /// A verb for one task.
    abstract static class OfTask extends Steered {
        @Parameters(
                index = "1",
                paramLabel = "TASK",
                description = "The task of the plan, or one item of it: read[3]")
        private String task = "";

        OfTask(Shell shell) {
            super(shell);
        }

        TaskId task() {
            return VerbCommands.task(task);
        }
    }

    static TaskId task(String name) {
        try {
            return TaskId.parse(name);
        } catch (IllegalArgumentException _) {
            throw new Refusal("`" + name + "` is not a task; write `read`, or `read[3]`");
        }
    }

    /// Another input or output of a task, of which one is given.
    static Verb.Edit edit(TaskId task, @Nullable String input, @Nullable String output) {
        if (input != null && output == null) {
            if (json("--input", input) instanceof Value.Struct struct) {
                return new Verb.EditInput(task, struct);
            }
            throw new Refusal("an input is an object: --input '{\"text\": \"…\"}'");
        }
        if (output != null && input == null) {
            return new Verb.EditOutput(task.name(), json("--output", output));
        }
        throw new Refusal("edit what? give either `--input` or `--output`");
    }

    /// Does a task again.
    @Command(
            name = "retry",
            description =
                    "Does a task again, and what came after it. What it has done outside is not"
                            + " done again. A run that has ended goes on as a fork: tutti fork.")
    static final class Retry extends OfTask {
        @Option(names = "--refire", description = "Lets what it has done outside be done again")
        private boolean refire;

        Retry(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return new Verb.Retry(task(), refire);
        }
    }

    /// Goes on without a task.
    @Command(
            name = "skip",
            description =
                    "Goes on without a task, or with an output given by hand. Of a fan-out that is"
                            + " under way, what is done counts.")
    static final class Skip extends OfTask {
        @Option(names = "--output", paramLabel = "JSON", description = "What counts as its output")
        private @Nullable String output;

        Skip(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return new Verb.Skip(task(), output == null ? null : json("--output", output));
        }
    }

    /// Changes an input or an output.
    @Command(
            name = "edit",
            description =
                    "Gives a task another input and does it again, or replaces its output; what"
                            + " came after it is done again.")
    static final class Edit extends OfTask {
        @Option(names = "--input", paramLabel = "JSON", description = "The new input, an object")
        private @Nullable String input;

        @Option(names = "--output", paramLabel = "JSON", description = "The new output")
        private @Nullable String output;

        Edit(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return edit(task(), input, output);
        }
    }

    /// Gives a task to an agent.
    @Command(name = "reassign", description = "Lets this agent do a task, whoever was to do it.")
    static final class Reassign extends OfTask {
        @Parameters(index = "2", paramLabel = "AGENT", description = "An agent of the team")
        private String agent = "";

        Reassign(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return new Verb.Reassign(task().name(), new AgentId(agent));
        }
    }

    /// Changes the plan.
    @Command(
            name = "amend",
            description =
                    "Amends the plan of a run by a file: tasks to add, tasks to drop, the output. It"
                            + " has the form of what planners propose.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = ExitCode.HEADING,
            exitCodeList = {DONE_LINE, REFUSED_LINE, ExitCode.INTERNAL_LINE})
    static final class Amend implements Callable<Integer> {
        private final Shell shell;

        @Mixin private final Steering steering = new Steering();

        @Parameters(index = "1", paramLabel = "FILE", description = "YAML or JSON")
        private Path file = Path.of("");

        Amend(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws InterruptedException {
            return steering.carryOut(
                    shell, (tutti, run) -> new Verb.Amend(tutti.amendment(run, file)));
        }
    }

    /// Asks the planner.
    @Command(
            name = "replan",
            description = "Lets the planner of a run look again at what it has planned.")
    static final class Replan extends Steered {
        Replan(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            return new Verb.Replan();
        }
    }

    /// Allows a task, or the run, more.
    @Command(
            name = "raise",
            description =
                    "Allows a task more: attempts, or time (queued, run, idle, overall). With"
                            + " `budget` as TASK it allows the run more: usd, tokens, time, attempts,"
                            + " tasks or runs, the runs within.")
    static final class Raise extends OfTask {
        private static final String BUDGET = "budget";

        @Parameters(
                index = "2",
                paramLabel = "LIMIT",
                description = "attempts, queued, run, idle or overall; of a budget see above")
        private String limit = "";

        @Parameters(
                index = "3",
                paramLabel = "VALUE",
                description =
                        "A number, or a time such as 90s, 5m, 1h. Of a budget with a + it is by so"
                                + " much more: +0.20")
        private String value = "";

        Raise(Shell shell) {
            super(shell);
        }

        @Override
        Verb verb() {
            if (task().name().equals(BUDGET)) {
                boolean by = value.startsWith("+");
                value = by ? value.substring(1) : value;
                return new Verb.RaiseBudget(budget(), by);
            }
            return new Verb.Raise(
                    task().name(), limit, limit.equals("attempts") ? count() : time().toMillis());
        }

        private Budget budget() {
            return switch (limit) {
                case "usd" -> Budget.of(money());
                case "tokens" -> new Budget(null, (long) count(), null, null, null);
                case "time" -> new Budget(null, null, time(), null, null);
                case "attempts" -> new Budget(null, null, null, count(), null);
                case "tasks" -> new Budget(null, null, null, null, count());
                case "runs" -> Budget.ofRuns(count());
                default ->
                        throw new Refusal(
                                "a budget has usd, tokens, time, attempts, tasks and runs, not `"
                                        + limit
                                        + "`");
            };
        }

        private Money money() {
            if (!value.matches("\\d{1,9}(\\.\\d{1,9})?")) {
                throw new Refusal("`" + value + "` is no amount of dollars; write 1.50");
            }
            return Money.of(value);
        }

        private int count() {
            if (!value.matches("\\d{1,9}")) {
                throw new Refusal(limit + " are a number, not `" + value + "`");
            }
            return Integer.parseInt(value);
        }

        private Duration time() {
            return TimeText.parse(value)
                    .orElseThrow(() ->
                            new Refusal("`" + value + "` is not a time; write 90s, 5m or 1h"));
        }
    }

    /// What a user wrote as JSON.
    static Value json(String option, String text) {
        try {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonException e) {
            throw new Refusal("what follows `" + option + "` is not JSON: " + e.getMessage());
        }
    }
}

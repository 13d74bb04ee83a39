package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The runs that are kept as golden journals: small, real, and always the same.
final class GoldenRuns {
    static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant END = START.plus(Duration.ofHours(1));
    private static final Duration SHORT = Duration.ofMillis(20);

    private GoldenRuns() {}

    /// A run to be made and kept under its name.
    interface Golden {
        void make(String name, Journal journal);
    }

    static SequencedMap<String, Golden> all() {
        var runs = new LinkedHashMap<String, Golden>();
        runs.put("chain", GoldenRuns::chain);
        runs.put("fan_out", GoldenRuns::fanOut);
        runs.put("failed", GoldenRuns::failed);
        runs.put("cancelled", GoldenRuns::cancelled);
        runs.put("taken_over", GoldenRuns::takenOver);
        runs.put("dissent", GoldenRuns::dissent);
        runs.put("debated", GoldenRuns::debated);
        runs.put("notes", GoldenRuns::notes);
        runs.put("context", GoldenRuns::context);
        runs.put("people", GoldenSteered::people);
        runs.put("steered", GoldenSteered::steered);
        runs.put("topics", GoldenSteered::topics);
        runs.put("planned", GoldenPlanned::planned);
        runs.put("danced", GoldenDanced::danced);
        runs.put("passed", GoldenPassed::passed);
        runs.put("delegated", GoldenDelegated::delegated);
        runs.put("short", GoldenShort::tooDear);
        runs.put("auctioned", GoldenAuctioned::auctioned);
        runs.put("tree", GoldenTree::tree);
        return runs;
    }

    static StreamId stream(String name) {
        return StreamId.run(TenantId.LOCAL, new RunId("GOLDEN_" + name));
    }

    // ---- the runs

    /// Tasks one after the other, conditions that hold and do not, a join that needs one of two.
    private static void chain(String name, Journal journal) {
        var plan =
                List.of(
                        task("search", text("${input.question}")).build(),
                        task("translate", text("${search.text}"), "search")
                                .when("${input.language != 'en'}")
                                .build(),
                        task("check", text("${search.text}"), "search")
                                .when("${size(search.text) > 3}")
                                .timeout(Duration.ofSeconds(90))
                                .build(),
                        task("polish", text("${translate}"), "translate").build(),
                        task("answer", text("${check.text}!"), "check", "polish")
                                .by("writer")
                                .join(1)
                                .build());
        run(name, journal, plan, GoldenRuns::echo, text("${answer.text}"));
    }

    /// A fan-out with transient failures, one that never works and is skipped, one that is too
    /// slow, costs, artifacts, and an empty fan-out.
    private static void fanOut(String name, Journal journal) {
        var plan =
                List.of(
                        task("read", text("${item}"))
                                .each("${input.pages}")
                                .retry(2, Duration.ofMillis(50), Task.Remedy.SKIP)
                                .timeout(Duration.ofSeconds(1))
                                .build(),
                        task("none", text("${item}")).each("${input.nothing}").build(),
                        task(
                                        "answer",
                                        text("${size(read)} of ${size(input.pages)}"),
                                        "read",
                                        "none")
                                .build());
        run(name, journal, plan, GoldenRuns::moody, Value.struct("all", Value.text("${read}")));
    }

    /// A task without a result left: the others are stopped, one of them never reports.
    private static void failed(String name, Journal journal) {
        var plan =
                List.of(
                        task("read", text("${item}"))
                                .each("${['good', 'slow', 'stuck', 'refused']}")
                                .build(),
                        task("answer", text("never"), "read").build());
        run(name, journal, plan, GoldenRuns::moody, text("${answer.text}"));
    }

    /// Cancelled while attempts are under way, then once more when it is too late.
    private static void cancelled(String name, Journal journal) {
        var plan =
                List.of(
                        task("read", text("${item}"))
                                .each("${['slow', 'stuck', 'slow', 'stuck', 'good']}")
                                .build());
        var world = new OneThread(journal, _ -> team(plan, Value.NULL), GoldenRuns::moody, START);
        world.ask(Duration.ZERO, stream(name), start(), "start-1");
        world.ask(SHORT, stream(name), Request.cancel("enough"), "cancel-1");
        world.ask(Duration.ofMinutes(1), stream(name), Request.cancel("again"), "cancel-2");
        world.runUntil(END);
    }

    /// The process ends in the middle, and another takes over.
    private static void takenOver(String name, Journal journal) {
        var plan =
                List.of(
                        task("read", text("${item}")).each("${['good', 'slow', 'good']}").build(),
                        task("answer", text("${read[1].text}"), "read").build());
        var team = team(plan, text("${answer.text}"));
        var first = new OneThread(journal, _ -> team, GoldenRuns::moody, START);
        first.ask(Duration.ZERO, stream(name), start(), "start-1");
        first.runUntil(START.plus(SHORT.multipliedBy(2)));
        new OneThread(journal, _ -> team, GoldenRuns::echo, START.plusSeconds(5)).runUntil(END);
    }

    /// Answers that differ, a judge who does not say which one is right, and a number without its
    /// outlier.
    private static void dissent(String name, Journal journal) {
        var judge = new Resolve.Step.Judge(new Task.Performer.ByAgent(new AgentId("writer")));
        var vote = new Resolve(new Resolve.By.Vote(), "text", 0.7, List.of(judge));
        var mean = new Resolve(new Resolve.By.Numeric(0.5));
        var check = task("check", text("${item}")).build();
        var count = task("count", text("${item}")).build();
        var plan =
                List.of(
                        check.with(
                                check.flow()
                                        .with(
                                                new Task.Each("${['yes', 'no', 'Yes.']}")
                                                        .with(vote))),
                        count.with(count.flow().with(new Task.Each("${[3, 3, 4, 90]}").with(mean))),
                        task("answer", text("${check.text}"), "check", "count").build());
        run(name, journal, plan, GoldenRuns::echo, text("${answer.text}, ${count}"));
    }

    /// A debate in which nobody changes their mind.
    private static void debated(String name, Journal journal) {
        var debate = new Resolve(new Resolve.By.Debate(2), "text", 0, List.of());
        var argue = task("argue", text("${item}")).build();
        var each = new Task.Each("${['tea', 'coffee']}").with(debate);
        var plan = List.of(argue.with(argue.flow().with(each)));
        run(name, journal, plan, GoldenRuns::echo, text("${argue.text}"));
    }

    /// Notes kept in every way, read by expressions and given to an agent; one that expects what is
    /// not there.
    private static void notes(String name, Journal journal) {
        var value = Value.text("${output.text}");
        var sum = new Sharing.Reducer.Computed("${current == null ? size(new) : current + 1}");
        var writes =
                List.of(
                        new Sharing.Write("log", value, Sharing.Reducer.APPEND),
                        new Sharing.Write("most", value, Sharing.Reducer.MAX),
                        new Sharing.Write("sum", value, sum),
                        new Sharing.Write("all", Value.text("${output}"), Sharing.Reducer.MERGE),
                        new Sharing.Write("read.last", value));
        var late = new Sharing.Write("most", value, Sharing.Reducer.LAST, Sharing.Write.ABSENT);
        var plan =
                List.of(
                        task("read", text("${item}"))
                                .each("${['slow', 'good', 'flaky']}")
                                .retry(2, Duration.ofMillis(50), Task.Remedy.SKIP)
                                .build()
                                .with(new Sharing(writes, List.of(), true)),
                        task("late", text("${notes.sum}"), "read")
                                .retry(2, Duration.ofMillis(50), Task.Remedy.SKIP)
                                .build()
                                .with(new Sharing(List.of(late), List.of("log", "*.*"), false)),
                        task("answer", text("${notes.read.last}"), "late").build());
        run(name, journal, plan, GoldenRuns::moody, text("${notes.log}"));
    }

    /// Two agents that are given no more than they have room for: one gets a part of a long note
    /// and nothing of another, the other a part of what its task declares.
    private static void context(String name, Journal journal) {
        var filler = "Nothing of this is to the point. ".repeat(12);
        var writes =
                List.of(
                        new Sharing.Write(
                                "read.long", Value.text(filler + "How many? Three. " + filler)),
                        new Sharing.Write("read.short", Value.text("It is three.")),
                        new Sharing.Write("read.other", Value.text(filler)));
        var plan =
                List.of(
                        task("read", text("good"))
                                .build()
                                .with(new Sharing(writes, List.of(), false)),
                        task("answer", text("how many is three?"), "read")
                                .build()
                                .with(new Sharing(List.of(), List.of("read.*"), false, 70)),
                        task("repeat", Value.struct("text", Value.text(filler)), "answer")
                                .build()
                                .with(new Sharing(List.of(), List.of(), false, 40)));
        run(name, journal, plan, GoldenRuns::echo, text("${answer.text}"));
    }

    private static void run(
            String name, Journal journal, List<Task> plan, OneThread.Agents agents, Value output) {
        var world = new OneThread(journal, _ -> team(plan, output), agents, START);
        world.ask(Duration.ZERO, stream(name), start(), "start-1");
        world.runUntil(END);
    }

    private static Request.Start start() {
        var inputs =
                Value.struct(
                        "question", Value.text("how many?"),
                        "language", Value.text("en"),
                        "nothing", Value.array(),
                        "pages",
                                Value.array(
                                        Value.text("good"),
                                        Value.text("flaky"),
                                        Value.text("broken"),
                                        Value.text("stuck"),
                                        Value.text("costly")));
        return new Request.Start("golden", Request.definition(Value.Struct.EMPTY), inputs);
    }

    private static Team team(List<Task> plan, Value output) {
        return new Team(
                List.of(),
                List.of(agent("reader", 2), agent("writer", 2)),
                List.of(new Workflow("golden", Type.Struct.OPEN, plan, output)));
    }

    /// The same agents for every plan.
    static Team anyTeam() {
        return team(List.of(), Value.NULL);
    }

    private static Agent agent(String name, int concurrency) {
        return new Agent(
                new AgentId(name),
                List.of(new SkillId("work")),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(concurrency, Duration.ofMinutes(5)));
    }

    // ---- the agents

    private static OneThread.Work echo(Action.Perform attempt) {
        return new OneThread.Work(SHORT, Outcome.succeeded(attempt.input()), List.of());
    }

    /// Does what the text says.
    private static OneThread.Work moody(Action.Perform attempt) {
        var said = attempt.input().get("text");
        var word = said instanceof Value.Text(var text) ? text : "";
        return switch (word) {
            case "slow" -> after(Duration.ofMinutes(2), Outcome.succeeded(attempt.input()));
            case "stuck" -> new OneThread.Work(null, Outcome.succeeded(Value.NULL), List.of());
            case "refused" ->
                    after(
                            SHORT.multipliedBy(3),
                            Outcome.failed(new Failure.Permanent("refused", "cannot be read")));
            case "broken" ->
                    after(SHORT, Outcome.failed(new Failure.Transient("busy", "try later")));
            case "flaky" ->
                    attempt.attempt() == 1
                            ? after(SHORT, Outcome.failed(new Failure.Transient("busy", "later")))
                            : after(SHORT, Outcome.succeeded(attempt.input()));
            case "costly" -> costly(attempt);
            default -> after(SHORT, Outcome.succeeded(attempt.input()));
        };
    }

    private static OneThread.Work costly(Action.Perform attempt) {
        var content = "a figure".getBytes(StandardCharsets.UTF_8);
        var stored =
                new ArtifactStored(
                        attempt.task(),
                        Sha256.hex(content),
                        content.length,
                        "text/plain",
                        "fig.txt");
        var usage = new Usage(Money.of("0.0125"), 1_200, 340);
        var output = Value.struct("text", Value.text("é😀"), "share", new Value.Real(0.25));
        return new OneThread.Work(SHORT, new Outcome.Succeeded(output, usage), List.of(stored));
    }

    private static OneThread.Work after(Duration takes, Outcome outcome) {
        return new OneThread.Work(takes, outcome, List.of());
    }

    // ---- tasks

    private static Value.Text text(String template) {
        return Value.text(template);
    }

    private static TaskWriter task(String name, Value text, String... dependencies) {
        return new TaskWriter(name, Value.struct("text", text), List.of(dependencies));
    }

    /// A task being declared.
    private static final class TaskWriter {
        private final String name;
        private final Value.Struct input;
        private final List<String> dependencies;
        private Task.Performer performer = new Task.Performer.BySkill(new SkillId("work"));
        private @Nullable String when;
        private @Nullable String each;
        private Task.Join join = Task.Join.ALL;
        private Task.Retry retry = Task.Retry.DEFAULT;
        private Task.Remedy[] ladder = {};
        private @Nullable Duration timeout;

        TaskWriter(String name, Value.Struct input, List<String> dependencies) {
            this.name = name;
            this.input = input;
            this.dependencies = dependencies;
        }

        TaskWriter by(String agent) {
            performer = new Task.Performer.ByAgent(new AgentId(agent));
            return this;
        }

        TaskWriter when(String condition) {
            when = condition;
            return this;
        }

        TaskWriter each(String list) {
            each = list;
            return this;
        }

        TaskWriter join(int need) {
            join = new Task.Join(need, false);
            return this;
        }

        TaskWriter retry(int attempts, Duration pause, Task.Remedy then) {
            retry = new Task.Retry(attempts, pause, pause);
            ladder = new Task.Remedy[] {then};
            return this;
        }

        TaskWriter timeout(Duration longest) {
            timeout = longest;
            return this;
        }

        Task build() {
            var flow = Task.Flow.ONCE.withWhen(when).with(join);
            var policy =
                    Task.Policy.DEFAULT
                            .with(retry)
                            .withLadder(ladder)
                            .with(new Task.Timeouts(null, timeout, null, null));
            return new Task(name, performer, input, dependencies)
                    .with(each == null ? flow : flow.with(new Task.Each(each)))
                    .with(policy);
        }
    }
}

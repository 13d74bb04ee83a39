package dev.tutti.runtime.journal;

import static dev.tutti.core.event.Value.array;
import static dev.tutti.core.event.Value.struct;
import static dev.tutti.core.event.Value.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Meant;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Require;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.event.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456789Z");
    private static final TaskId READ = TaskId.of("read");
    private static final TaskId ITEM = new TaskId("read", 12);
    private static final Value.Struct ALL_SHAPES =
            struct(
                    "null", Value.NULL,
                    "bool", Value.of(true),
                    "least", Value.of(Long.MIN_VALUE),
                    "greatest", Value.of(Long.MAX_VALUE),
                    "real", new Value.Real(-1.5e-300),
                    "whole real", new Value.Real(3.0),
                    "text", text("ä\u0000\"\\\n\u2028😀"),
                    "", array(Value.of(1), array(), struct()));
    private static final Budget EVERY_LIMIT =
            new Budget(Money.of("1.23"), 456L, Duration.ofMinutes(7), 8, 9, 10);
    private static final Spend SPEND = new Spend(Money.of("0.000000001"), 7);
    private static final Amendment EVERY_CHANGE =
            new Amendment(
                    2,
                    "planner",
                    "it failed",
                    List.of(Task.planning("plan_2", new AgentId("llm"), Task.Policy.DEFAULT)),
                    List.of("old", "older"),
                    Value.NULL,
                    true,
                    false,
                    struct("facts", array(text("a"))));
    private static final Task EVERY_KEY =
            new Task(
                    "read",
                    new Task.Performer.ByAgent(new AgentId("reader")),
                    struct("text", text("${item.text}")),
                    List.of("search", "rank"),
                    new Task.Flow(
                            "${search.ok}",
                            new Task.Each(
                                    "${search.passages}",
                                    77,
                                    "${2}",
                                    "${true}",
                                    false,
                                    new Resolve(
                                            new Resolve.By.KOfN(2),
                                            "answer",
                                            0.7,
                                            List.of(
                                                    new Resolve.Step.Judge(
                                                            new Task.Performer.ByAgent(
                                                                    new AgentId("critic"))),
                                                    new Resolve.Step.Ask())),
                                    "${input.most}"),
                            new Task.Loop("${output.again}", 5),
                            new Task.Join(1, true),
                            List.of("account-${item.id}"),
                            List.of("other"),
                            new Task.Emit("read", struct("n", Value.of(1)), "${run.id}")),
                    new Task.Policy(
                            new Task.Retry(9, Duration.ofMillis(5), Duration.ofHours(2)),
                            List.of(
                                    Task.Remedy.REROUTE,
                                    Task.Remedy.REPLAN,
                                    Task.Remedy.ESCALATE,
                                    Task.Remedy.ASK,
                                    Task.Remedy.SKIP),
                            new Task.Timeouts(
                                    Duration.ofSeconds(1),
                                    Duration.ofMillis(1_500),
                                    Duration.ofSeconds(2),
                                    Duration.ofSeconds(3)),
                            new Task.Gate(
                                    List.of("${output.ok}"),
                                    new Task.Verify(
                                            new Task.Performer.ByAgent(new AgentId("critic")),
                                            struct("o", text("${output}")),
                                            Task.Verify.OK)),
                            Task.Effects.AT_MOST_ONCE,
                            new AgentId("boss"),
                            new Task.Undo(
                                    new Task.Performer.ByWorkflow("back"),
                                    struct("o", text("${output}"))),
                            new AgentId("boss"),
                            List.of(
                                    new Task.Rule(Task.Rule.Decision.DENY, "${agent.trust < 0.5}"),
                                    new Task.Rule(Task.Rule.Decision.ASK, "${true}"),
                                    new Task.Rule(Task.Rule.Decision.ALLOW, "${false}"))),
                    "page ${item.page}",
                    new TaskId("other", 3),
                    true,
                    new Passing.HandOff(List.of(new AgentId("writer")), 3),
                    new Sharing(
                            List.of(
                                    new Sharing.Write(
                                            "log", text("${output}"), Sharing.Reducer.APPEND),
                                    new Sharing.Write(
                                            "read.n",
                                            null,
                                            new Sharing.Reducer.Computed("${new}"),
                                            "${3}")),
                            List.of("log", "other.*"),
                            true,
                            new Sharing.Giving(
                                    4_000,
                                    new Sharing.Recall(3, "text", "customer", List.of("fact")),
                                    true)));
    private static final Task CONVERSATION =
            Task.of("talk", new SkillId("argue"), Value.Struct.EMPTY)
                    .with(
                            new Passing.Group(
                                    List.of(
                                            new Passing.Member(new AgentId("a"), "bills"),
                                            new Passing.Member(new AgentId("b"), "")),
                                    Passing.Turns.MODERATED,
                                    new AgentId("m"),
                                    7,
                                    "${output.turns > 3}",
                                    text("${output.last}")));
    private static final Usage USAGE = new Usage(Money.of("0.000012"), 123, 456);

    private static final Question EVERY_ASPECT =
            new Question(
                    12,
                    READ,
                    Question.Purpose.APPROVAL,
                    "May it?",
                    List.of("approve", "deny"),
                    struct("note", text("string")),
                    ALL_SHAPES,
                    "00ff",
                    List.of(
                            new Question.Rung("alice", Duration.ofHours(1)),
                            new Question.Rung("ops", null)),
                    "deny",
                    Duration.ofMinutes(10),
                    2,
                    true);
    private static final Question PLAIN_QUESTION =
            new Question(
                    13,
                    null,
                    Question.Purpose.STALL,
                    "What now?",
                    List.of(),
                    Value.Struct.EMPTY,
                    Value.NULL,
                    "00",
                    List.of(new Question.Rung("operator", null)),
                    null,
                    null,
                    1,
                    false);

    static Stream<Failure> failures() {
        return Stream.of(
                new Failure.Transient("busy", "try later"),
                new Failure.Permanent("bad_input", "no"),
                new Failure.Crashed(),
                new Failure.TimedOut(Failure.Limit.RUN, NOON),
                new Failure.TimedOut(Failure.Limit.IDLE, NOON),
                new Failure.Rejected("accept", "not accepted"),
                new Failure.Quarantined(3),
                new Failure.Suspended("May I buy it?"),
                new Failure.Interrupted(),
                new Failure.Cancelled());
    }

    static Stream<Timer> timers() {
        return Stream.of(
                new Timer.RetryDue(ITEM),
                new Timer.AttemptDue(Long.MAX_VALUE),
                new Timer.IdleDue(7),
                new Timer.QueueDue(ITEM),
                new Timer.OverallDue(READ),
                new Timer.QuestionDue(12),
                new Timer.ReminderDue(12),
                new Timer.AnswerDue("start/1"),
                new Timer.ExpectedDue(12),
                new Timer.BidsDue(17),
                new Timer.BudgetDue(),
                new Timer.AlarmDue(),
                new Timer.CloseDue());
    }

    static Stream<Event> samples() {
        var plain = Task.of("search", new SkillId("retrieve"), struct("q", text("${input.q}")));
        return Stream.of(
                        Stream.<Event>of(
                                new Event.RunStarted(
                                        new RunId("01J"),
                                        "answer",
                                        "abc",
                                        ALL_SHAPES,
                                        text("${answer}")),
                                new Event.Closing(Status.CANCELLED, "enough", null),
                                new Event.Closing(Status.FAILED, "", new Failure.Crashed()),
                                new Event.Ended(Status.SUCCEEDED, ALL_SHAPES, null),
                                new Event.Refused("cancel", "the run has ended"),
                                new Event.PlanAmended(
                                        3, "planner", "as found", List.of(plain, EVERY_KEY)),
                                new Event.RunStarted(
                                        new RunId("01J-7"),
                                        "answer",
                                        "abc",
                                        ALL_SHAPES,
                                        Value.NULL,
                                        "alice",
                                        Task.Remedy.FAIL,
                                        new Origin.Child(new RunId("01J"), 7, 2),
                                        null,
                                        EVERY_LIMIT),
                                new Event.RunStarted(
                                        new RunId("01K"),
                                        "answer",
                                        "abc",
                                        ALL_SHAPES,
                                        Value.NULL,
                                        "bob",
                                        Task.Remedy.ASK,
                                        new Origin.Fork(
                                                new RunId("01J"), 33, new RunId("01H"), "why not"),
                                        new Planner(
                                                new AgentId("search"),
                                                "a brief",
                                                struct("report", struct()),
                                                7,
                                                3,
                                                2,
                                                new AgentId("boss"),
                                                "${output.odd}"),
                                        Budget.NONE),
                                new Event.Paused(NOON, "lunch"),
                                new Event.Resumed(Duration.ofMinutes(61), "back"),
                                new Event.Intervened(
                                        "edit",
                                        List.of("read[3]"),
                                        "it was wrong",
                                        ALL_SHAPES,
                                        Value.of(2)),
                                new Event.Stalled("they wait for each other", List.of("a", "b")),
                                new Event.TaskRevised(EVERY_KEY),
                                new Event.TaskRevised(
                                        EVERY_KEY.with(
                                                new Passing.Ensemble(
                                                        List.of(
                                                                new AgentId("a"),
                                                                new AgentId("b"))))),
                                new Event.TaskRevised(
                                        EVERY_KEY.with(
                                                new Task.Performer.BySkill(
                                                        new SkillId("read"),
                                                        new Require(
                                                                List.of("eu", "near"),
                                                                new Version(2, 1)),
                                                        new Meant("read it aloud", 0.75, null)))),
                                new Event.TasksReset(List.of("read", "write")),
                                new Event.FannedOut("read", 9, 2),
                                new Event.TaskHeld(READ, ALL_SHAPES),
                                new Event.TaskReady(READ, ALL_SHAPES, List.of("account-7")),
                                new Event.TaskReady(
                                        READ,
                                        ALL_SHAPES,
                                        List.of(),
                                        new Ruling(
                                                List.of(
                                                        new Ruling.Denied(new AgentId("a"), 2),
                                                        new Ruling.Denied(new AgentId("b"), 1)),
                                                "0a1b")),
                                new Event.InputGiven(READ, ALL_SHAPES),
                                new Event.InputGiven(READ, ALL_SHAPES, "ana"),
                                new Event.ChildStarted(
                                        READ,
                                        40,
                                        new RunId("01J-40"),
                                        "part",
                                        ALL_SHAPES,
                                        NOON,
                                        new AgentId("chief"),
                                        EVERY_LIMIT,
                                        new Tally(3, 4, 5),
                                        NOON),
                                new Event.Announced(READ, 2, 17, NOON, Money.of("0.05"), 3),
                                new Event.Announced(READ, 1, 0, null, null, 2),
                                new Event.BidPlaced(
                                        READ,
                                        2,
                                        new AgentId("reader"),
                                        new Bid(Money.of("0.04"), Duration.ofSeconds(3), 0.9),
                                        new Bid(Money.of("0.04"), Duration.ofSeconds(5), 0.6),
                                        0.44),
                                new Event.BidDeclined(READ, 2, new AgentId("reader"), "busy"),
                                new Event.TaskClaimed(READ, 1, new AgentId("reader"), null),
                                new Event.TaskClaimed(
                                        READ, 1, new AgentId("reader"), new AgentId("chief")),
                                new Event.BudgetShort(READ, SPEND, Tally.NONE, "too little"),
                                new Event.BudgetShort(
                                        READ, Spend.NONE, new Tally(1, 2, 1), "too few"),
                                new Event.PartReturned(40, new Tally(2, 0, 1)),
                                new Event.PartReturned(40, Tally.NONE),
                                new Event.TooDear(ITEM, List.of(new AgentId("reader")), "too much"),
                                new Event.BudgetAlarm(80, SPEND, null),
                                new Event.BudgetAlarm(50, Spend.NONE, "time"),
                                new Event.BudgetRaised(EVERY_LIMIT),
                                new Event.Settled(40, USAGE),
                                new Event.ChildStarted(
                                        READ,
                                        41,
                                        new RunId("R"),
                                        "part",
                                        ALL_SHAPES,
                                        null,
                                        null,
                                        Budget.NONE,
                                        Tally.NONE,
                                        null),
                                new Event.PlanAmended(EVERY_CHANGE),
                                new Event.PlanProposed(READ, 40, EVERY_CHANGE, ALL_SHAPES, USAGE),
                                new Event.Awaited(READ, 41, "paid", NOON),
                                new Event.Awaited(READ, 42, null, null),
                                new Event.Awaited(READ, 43, "paid", NOON, "orders", "o-7"),
                                new Event.Rerouted(READ, new AgentId("reader"), 1),
                                new Event.HandedOver(
                                        READ,
                                        40,
                                        new AgentId("reader"),
                                        new AgentId("writer"),
                                        ALL_SHAPES,
                                        "not mine",
                                        USAGE),
                                new Event.ErrandsAwaited(READ, 40, List.of("read_1", "read_2")),
                                new Event.TaskRevised(
                                        CONVERSATION.with(
                                                new Passing.Delegation(
                                                        List.of("search", "writer"), 4))),
                                new Event.TaskRevised(
                                        CONVERSATION.with(new Passing.Errand(READ, "call 1"))),
                                new Event.TaskRevised(CONVERSATION),
                                new Event.Iterated(READ, 40, ALL_SHAPES, USAGE, new AgentId("b")),
                                new Event.EffectIntended(READ, 40, "refund", "01J/read/refund"),
                                new Event.EffectRecorded(READ, "refund", ALL_SHAPES),
                                new Event.EffectWithdrawn(READ, "refund", "refused"),
                                new Event.ResultProposed(
                                        READ, 40, ALL_SHAPES, struct("output", text("x")), USAGE),
                                new Event.Iterated(READ, 40, ALL_SHAPES, Usage.NONE),
                                new Event.OutputGiven(READ, ALL_SHAPES),
                                new Event.QuestionAsked(EVERY_ASPECT, 40),
                                new Event.QuestionAsked(PLAIN_QUESTION, 0),
                                new Event.QuestionHandedOn(12, 1),
                                new Event.QuestionReminded(12),
                                new Event.QuestionAnswered(12, "alice", text("approve"), "fine"),
                                new Event.QuestionClosed(
                                        12, Question.End.DECIDED, text("approve"), "by alice"),
                                new Event.MessageReceived("m1", "paid", ALL_SHAPES, READ, false),
                                new Event.MessageReceived("m2", "paid", Value.NULL, null, true),
                                new Event.MessagePublished(
                                        READ, "paid", ALL_SHAPES, new RunId("01J")),
                                new Event.MessagePublished(
                                        READ, "paid", ALL_SHAPES, null, "orders", "o-7"),
                                new Event.RunStarted(
                                        new RunId("01J"),
                                        "answer",
                                        "team",
                                        ALL_SHAPES,
                                        Value.NULL,
                                        "",
                                        Task.Remedy.ASK,
                                        null,
                                        null,
                                        Budget.NONE,
                                        Mode.CHOREOGRAPHY),
                                new Event.Claimed(
                                        READ, new AgentId("reader"), "start/1", "reading"),
                                new Event.Declined(new AgentId("reader"), "start/1"),
                                new Event.ClaimLost(READ, new Failure.Permanent("no", "not so")),
                                new Event.Unanswered("start/1", "", 12, "nobody took it up"),
                                new Event.Expected(1, "start/1", "\"x\"", NOON),
                                new Event.ExpectationMet(12, "reading_1/9"),
                                new Event.FannedOut("read", 0, 0),
                                new Event.TaskReady(ITEM, ALL_SHAPES),
                                new Event.TaskSkipped(READ, "its condition is false"),
                                new Event.Assigned(
                                        ITEM,
                                        17,
                                        new AgentId("reader"),
                                        2,
                                        List.of(
                                                new Event.Candidate(new AgentId("reader"), 1, null),
                                                new Event.Candidate(
                                                        new AgentId("other"), 0.125, "no place")),
                                        NOON,
                                        Duration.ofSeconds(20)),
                                new Event.Assigned(
                                        READ, 18, new AgentId("reader"), 1, List.of(), null, null),
                                new Event.Assigned(
                                        READ,
                                        19,
                                        new AgentId("reader"),
                                        1,
                                        List.of(
                                                new Event.Candidate(
                                                        new AgentId("reader"),
                                                        0.75,
                                                        null,
                                                        new Choosing.Parts(
                                                                0.5, 0.125, 2.5, 0.25, 0.5))),
                                        null,
                                        null,
                                        Spend.NONE,
                                        new Choosing(
                                                "learned",
                                                "thompson/1",
                                                12,
                                                List.of(
                                                        new Choosing.Filter(
                                                                Choosing.Reason.SKILL,
                                                                List.of(new AgentId("other")),
                                                                9)))),
                                new Event.Assigned(
                                        READ,
                                        20,
                                        new AgentId("reader"),
                                        1,
                                        List.of(),
                                        null,
                                        null,
                                        Spend.NONE,
                                        new Choosing("claim", "1", 1, List.of())
                                                .instead("`custom/own` failed")
                                                .with(
                                                        new Meant(
                                                                "read it aloud",
                                                                0.75,
                                                                new Meant.Near(
                                                                        new SkillId("sing"),
                                                                        0.5)))),
                                new Event.ArtifactStored(
                                        READ, "00ff", 70_000, "text/plain", "../x\n"),
                                new Event.NoteWritten(
                                        "read.facts",
                                        3,
                                        ALL_SHAPES,
                                        "append",
                                        2,
                                        new Provenance(
                                                ITEM,
                                                17,
                                                "w1",
                                                List.of(new NoteRef("log", 4)),
                                                Provenance.Trust.OUTSIDE)),
                                new Event.NoteWritten(
                                        "most",
                                        1,
                                        Value.of(3),
                                        "max",
                                        -1,
                                        new Provenance(
                                                READ, 0, "", List.of(), Provenance.Trust.PERSON)),
                                new Event.NoteRead(
                                        READ,
                                        18,
                                        List.of(new NoteRef("log", 1), new NoteRef("most", 2))),
                                new Event.ContextAssembled(
                                        READ,
                                        19,
                                        400,
                                        399,
                                        List.of(
                                                ContextPart.input(17, null),
                                                ContextPart.input(18, Value.Struct.EMPTY),
                                                new ContextPart(
                                                        "log",
                                                        2,
                                                        ContextPart.Fate.COMPACTED,
                                                        30,
                                                        0.25,
                                                        "is 300 tokens, 40 were left",
                                                        Value.text("…")),
                                                new ContextPart(
                                                        "53 more",
                                                        0,
                                                        ContextPart.Fate.CUT,
                                                        0,
                                                        0,
                                                        "others bear more on it",
                                                        null))),
                                new Event.ResultAccepted(READ, 17, ALL_SHAPES, USAGE),
                                new Event.ResultAccepted(ITEM, 17, Value.NULL, Usage.NONE),
                                new Event.ResultAccepted(ITEM, 17, Value.NULL, Usage.UNKNOWN),
                                new Event.AttemptEnded(
                                        ITEM, 17, new Failure.Cancelled(), USAGE.atLeast()),
                                new Event.Joined("read"),
                                new Event.Joined(
                                        "read", new Event.Resolved(ALL_SHAPES, 0.75, "vote")),
                                new Event.Debated("read", 2, List.of(0, 2)),
                                new Event.Dissented(
                                        "read",
                                        0.5,
                                        "vote",
                                        List.of(
                                                new Position(
                                                        ALL_SHAPES,
                                                        List.of("ann", "bob"),
                                                        List.of("a.md"),
                                                        0.5),
                                                new Position(
                                                        Value.NULL, List.of(), List.of(), 0.5)))),
                        failures()
                                .flatMap(failure ->
                                        Stream.of(
                                                new Event.Ended(Status.FAILED, Value.NULL, failure),
                                                new Event.TaskFailed(READ, failure),
                                                new Event.AttemptEnded(ITEM, 17, failure, USAGE))),
                        timers().flatMap(timer ->
                                Stream.of(
                                        new Event.TimerSet(timer, NOON),
                                        new Event.TimerFired(timer))))
                .flatMap(events -> events);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void an_event_comes_back_as_it_was(Event event) {
        var encoded = EventCodec.encode(event);

        var decoded = EventCodec.decode(encoded.type(), encoded.version(), encoded.payload());

        assertThat(decoded).isEqualTo(event);
        assertThat(EventCodec.encode(decoded).payload()).isEqualTo(encoded.payload());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void an_event_in_outline_is_of_its_type(Event event) {
        var encoded = EventCodec.encode(event);

        var outline = EventCodec.outline(encoded.type(), encoded.version(), encoded.payload());

        assertThat(outline).hasSameClassAs(event);
        if (outline instanceof Event.Assigned assigned) {
            assertThat(assigned.candidates()).isEmpty();
        }
    }

    @Test
    void every_kind_of_event_failure_and_timer_has_a_sample() {
        assertThat(samples().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(kinds(Event.class));
        assertThat(failures().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(kinds(Failure.class));
        assertThat(timers().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(kinds(Timer.class));
    }

    private static List<Class<?>> kinds(Class<?> sealed) {
        return Arrays.<Class<?>>asList(sealed.getPermittedSubclasses());
    }

    @Test
    void what_is_as_by_default_takes_no_room() {
        var task = Task.of("a", new SkillId("b"), Value.Struct.EMPTY);
        var payload =
                EventCodec.encode(new Event.PlanAmended(0, "w", "r", List.of(task))).payload();

        assertThat(new String(payload, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"base\":0,\"author\":\"w\",\"reason\":\"r\",\"tasks\":[{\"name\":\"a\",\"skill\":\"b\",\"input\":{}}]}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "Joined,1,`{`",
                "Joined,1,`{}`",
                "Joined,1,`[]`",
                "Joined,1,`{\"task\":1}`",
                "Joined,1,`{\"task\":\"a\"} {}`",
                "Joined,0,`{\"task\":\"a\"}`",
                "TaskReady,1,`{\"task\":\"a[\",\"input\":{}}`",
                "TaskReady,1,`{\"task\":\"a b\",\"input\":{}}`",
                "TaskReady,1,`{\"task\":\"a\",\"input\":{},\"denied\":[{\"agent\":\"b\",\"rule\":0}]}`",
                "TaskReady,1,`{\"task\":\"a\",\"input\":{},\"denied\":{\"agent\":\"b\",\"rule\":1}}`",
                "Ended,1,`{\"status\":\"happy\",\"output\":null}`",
                "TaskFailed,1,`{\"task\":\"a\",\"failure\":{\"kind\":\"x\"}}`",
                "TimerSet,1,`{\"timer\":{\"kind\":\"close\"},\"due\":\"tomorrow\"}`",
                "TimerFired,1,`{\"timer\":{\"kind\":\"x\"}}`",
                "ResultAccepted,1,`{\"task\":\"a\",\"token\":1,\"output\":1,\"usage\":{\"usd\":\"-1\",\"input_tokens\":0,\"output_tokens\":0}}`"
            })
    void a_payload_that_is_not_of_its_type_is_corrupt(String type, int version, String payload) {
        refused("corrupt", type, version, payload);
    }

    @Test
    void what_a_later_version_wrote_is_told_apart_from_damage() {
        refused("version", "Joined", EventCodec.VERSION + 1, "{\"task\":\"a\"}");
        refused("version", "Sung", 1, "{}");
    }

    private static void refused(String code, String type, int version, String payload) {
        assertThatThrownBy(() ->
                        EventCodec.decode(type, version, payload.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JournalException.class)
                .extracting(e -> ((JournalException) e).code())
                .isEqualTo(code);
    }
}

package dev.tutti.runtime.journal;

import static dev.tutti.core.event.Value.array;
import static dev.tutti.core.event.Value.struct;
import static dev.tutti.core.event.Value.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
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
    private static final Task EVERY_KEY =
            new Task(
                    "read",
                    new Task.Performer.ByAgent(new AgentId("reader")),
                    struct("text", text("${item.text}")),
                    List.of("search", "rank"),
                    "${search.ok}",
                    "${search.passages}",
                    77,
                    new Task.Join(1),
                    new Task.Retry(9, Duration.ofMillis(5), Duration.ofHours(2)),
                    Task.Remedy.SKIP,
                    Duration.ofMillis(1_500),
                    "page ${item.page}");
    private static final Usage USAGE = new Usage(Money.of("0.000012"), 123, 456);

    static Stream<Failure> failures() {
        return Stream.of(
                new Failure.Transient("busy", "try later"),
                new Failure.Permanent("bad_input", "no"),
                new Failure.Crashed(),
                new Failure.TimedOut(NOON),
                new Failure.Interrupted(),
                new Failure.Cancelled());
    }

    static Stream<Timer> timers() {
        return Stream.of(
                new Timer.RetryDue(ITEM),
                new Timer.AttemptDue(Long.MAX_VALUE),
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
                                new Event.FannedOut("read", 0),
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
                                        NOON),
                                new Event.Assigned(
                                        READ, 18, new AgentId("reader"), 1, List.of(), null),
                                new Event.ArtifactStored(
                                        READ, "00ff", 70_000, "text/plain", "../x\n"),
                                new Event.ResultAccepted(READ, 17, ALL_SHAPES, USAGE),
                                new Event.ResultAccepted(ITEM, 17, Value.NULL, Usage.NONE),
                                new Event.Joined("read")),
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

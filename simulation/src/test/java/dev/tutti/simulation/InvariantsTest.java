package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Event.Assigned;
import dev.tutti.core.event.Event.AttemptEnded;
import dev.tutti.core.event.Event.Closing;
import dev.tutti.core.event.Event.Ended;
import dev.tutti.core.event.Event.FannedOut;
import dev.tutti.core.event.Event.Joined;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Event.Refused;
import dev.tutti.core.event.Event.ResultAccepted;
import dev.tutti.core.event.Event.RunStarted;
import dev.tutti.core.event.Event.TaskFailed;
import dev.tutti.core.event.Event.TaskReady;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerFired;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Digest;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A right journal has no violation, and for each invariant a wrong one has.
class InvariantsTest {
    private static final AgentId ONLY_ONE = new AgentId("only_one");
    private static final Failure BUSY = new Failure.Transient("busy", "later");
    private static final TaskId A = TaskId.of("a");
    private static final TaskId B = TaskId.of("b");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Event STARTED =
            new RunStarted(
                    new RunId("R1"), "test", HandMade.TEAM.hash(), Value.Struct.EMPTY, Value.NULL);
    private static final Event PLANNED =
            new PlanAmended(0, "workflow", "written", List.of(task("a"), task("b", "a")));
    private static final Event ENDED = new Ended(Status.SUCCEEDED, Value.NULL, null);

    private final MemoryArtifacts artifacts = new MemoryArtifacts();

    private static Task task(String name, String... dependencies) {
        return task(name, Task.Join.ALL, dependencies);
    }

    private static Task task(String name, Task.Join join, String... dependencies) {
        return Task.of(name, new SkillId("work"), Value.Struct.EMPTY, dependencies)
                .with(Task.Flow.ONCE.with(join))
                .with(Task.Policy.DEFAULT.with(new Task.Retry(2, SECOND, SECOND)));
    }

    private static Event ready(TaskId task) {
        return new TaskReady(task, Value.Struct.EMPTY);
    }

    private static Event assigned(TaskId task, long token, int attempt) {
        return assigned(task, token, attempt, null);
    }

    private static Event assigned(TaskId task, long token, int attempt, @Nullable Instant due) {
        return new Assigned(task, token, ONLY_ONE, attempt, List.of(), due, null);
    }

    private static Event result(TaskId task, long token) {
        return new ResultAccepted(task, token, Value.NULL, Usage.NONE);
    }

    private static Event ended(TaskId task, long token, Failure failure) {
        return new AttemptEnded(task, token, failure, Usage.NONE);
    }

    private static HandMade started() {
        return HandMade.journal().add(STARTED, PLANNED);
    }

    /// `a` is done at the second attempt, `b` at the first.
    private static HandMade right() {
        var retry = new Timer.RetryDue(A);
        var due = HandMade.NOON.plus(SECOND);
        return started()
                .add(ready(A), assigned(A, 4, 1, due), ended(A, 4, BUSY), new TimerSet(retry, due))
                .pass(SECOND)
                .add(new TimerFired(retry), ready(A), assigned(A, 9, 2), result(A, 9))
                .add(ready(B), assigned(B, 12, 1), result(B, 12));
    }

    // ---- right journals

    @Test
    void a_right_journal_violates_nothing() {
        assertThat(check(right().add(ENDED, new Refused("cancel", "the run has ended")))).isEmpty();
    }

    @Test
    void fan_outs_joins_skips_and_failures_violate_nothing() {
        var any = task("c", Task.Join.ANY, "a", "b");
        var plan = List.of(task("a"), task("b"), any, task("d", "b"));
        var first = new TaskId("a", 0);
        var second = new TaskId("a", 1);
        var third = TaskId.of("c");

        assertThat(
                        check(
                                HandMade.journal()
                                        .add(
                                                STARTED,
                                                new PlanAmended(0, "workflow", "written", plan))
                                        .add(new FannedOut("a", 2, 2), ready(first), ready(second))
                                        .add(new TaskSkipped(B, "its condition is false"))
                                        .add(new TaskSkipped(TaskId.of("d"), "all skipped"))
                                        .add(assigned(first, 7, 1), result(first, 7))
                                        .add(
                                                assigned(second, 9, 1),
                                                ended(second, 9, new Failure.Crashed()))
                                        .add(new TaskSkipped(second, "given up"), new Joined("a"))
                                        .add(ready(third), assigned(third, 14, 1))
                                        .add(ended(third, 14, new Failure.Permanent("no", "no")))
                                        .add(new TaskFailed(third, BUSY))
                                        .add(new Closing(Status.FAILED, "c failed", BUSY))
                                        .add(new Ended(Status.FAILED, Value.NULL, BUSY))))
                .isEmpty();
    }

    @Test
    void an_interrupted_attempt_does_not_count() {
        var stopped = new Failure.Interrupted();
        assertThat(
                        check(
                                started()
                                        .add(ready(A), assigned(A, 4, 1), ended(A, 4, stopped))
                                        .add(ready(A), assigned(A, 7, 2), ended(A, 7, stopped))
                                        .add(ready(A), assigned(A, 10, 3))))
                .isEmpty();
    }

    // ---- I2, I3

    @Test
    void i2_a_second_result_bites() {
        bites("I2", right().add(result(B, 12), ENDED));
        bites("I2", right().add(new TaskFailed(B, BUSY), ENDED));
        bites("I2", right().add(new Joined("b"), ENDED));
    }

    @Test
    void i2_a_result_of_an_attempt_that_is_over_bites() {
        bites("I2", started().add(ready(A), assigned(A, 4, 1), ended(A, 4, BUSY), result(A, 4)));
        bites("I2", started().add(ready(A), assigned(A, 4, 1), result(A, 3)));
    }

    @Test
    void i3_a_second_end_or_anything_after_the_end_bites() {
        bites("I3", right().add(ENDED, ENDED));
        bites("I3", right().add(ENDED, new TimerSet(new Timer.CloseDue(), HandMade.NOON)));
        bites("I3", HandMade.journal().add(STARTED, STARTED));
        bites("I3", HandMade.journal().add(PLANNED, STARTED));
    }

    @Test
    void i3_an_end_that_leaves_something_open_bites() {
        bites("I3", started().add(ready(A), assigned(A, 4, 1), ENDED));
        bites("I3", started().add(ready(A), assigned(A, 4, 1), result(A, 4), ENDED));
        bites("I3", right().add(new Ended(Status.RUNNING, Value.NULL, null)));
    }

    // ---- I4, I5

    @Test
    void i4_a_gap_or_a_lost_end_bites() {
        bites("I4", right().spoil(entry -> at(entry, entry.sequence() + 1, 1, entry.position())));
        bites("I4", right().spoil(entry -> at(entry, entry.sequence(), 1, 3)));
        bites("I4", right().loseTheEnd());
    }

    @Test
    void i4_a_broken_chain_bites(@TempDir Path folder) throws Exception {
        var file = folder.resolve("tutti.db");
        var run = StreamId.run(TenantId.LOCAL, new RunId("R1"));
        try (var journal = SqliteJournal.open(file, artifacts)) {
            var entries = right().follow(0, 100).stream().map(Entry::event).toList();
            var append =
                    new Append(
                            run,
                            0,
                            journal.claim(),
                            entries,
                            List.of(),
                            List.of(),
                            List.of(HandMade.TEAM),
                            null);
            journal.commit(List.of(append));
            assertThat(Invariants.check(journal, artifacts, _ -> team()))
                    .extracting(Violation::invariant)
                    .doesNotContain("I4");

            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    var raw = connection.createStatement()) {
                raw.execute("UPDATE event SET actor = 'mallory' WHERE seq = 3");
            }
            assertThat(Invariants.check(journal, artifacts, _ -> team()))
                    .extracting(Violation::invariant)
                    .contains("I4");
        }
    }

    @Test
    void i5_a_payload_that_does_not_come_back_bites() {
        bites(
                "I5",
                right().spoil(entry ->
                        payload(entry, "{\"task\":\"b\", \"token\":12,\"output\":null}")));
        bites("I5", right().spoil(entry -> payload(entry, "{")));
    }

    @Test
    void i5_a_journal_that_does_not_fold_bites() {
        bites("I5", started().add(ready(new TaskId("a", 1)), result(new TaskId("a", 1), 3)));
    }

    // ---- I6, I7

    @Test
    void i6_a_task_that_begins_too_soon_bites() {
        bites("I6", started().add(ready(B)));
        bites("I6", started().add(new FannedOut("b", 0, 0)));
        bites("I6", started().add(ready(TaskId.of("unheard_of"))));
        bites(
                "I6",
                started()
                        .add(ready(A), assigned(A, 4, 1), ended(A, 4, BUSY))
                        .pass(SECOND)
                        .add(assigned(A, 6, 2)));
    }

    @Test
    void i6_a_start_after_the_cancel_bites() {
        bites(
                "I6",
                started()
                        .add(ready(A), new Closing(Status.CANCELLED, "enough", null))
                        .add(assigned(A, 5, 1)));
    }

    @Test
    void i7_an_old_owner_or_an_old_token_bites() {
        bites("I7", right().spoil(entry -> at(entry, entry.sequence(), 0, entry.position())));
        bites(
                "I7",
                started()
                        .add(
                                ready(A),
                                assigned(A, 9, 1),
                                result(A, 9),
                                ready(B),
                                assigned(B, 9, 1)));
    }

    // ---- I10, I11

    @Test
    void i10_one_attempt_too_many_bites() {
        bites(
                "I10",
                started()
                        .add(ready(A), assigned(A, 4, 1), ended(A, 4, BUSY))
                        .pass(SECOND)
                        .add(ready(A), assigned(A, 7, 2), ended(A, 7, BUSY))
                        .pass(SECOND)
                        .add(ready(A), assigned(A, 10, 3)));
    }

    @Test
    void i10_an_attempt_too_soon_or_after_a_permanent_failure_bites() {
        var early = SECOND.minusNanos(1_000);
        bites(
                "I10",
                started()
                        .add(ready(A), assigned(A, 4, 1), ended(A, 4, BUSY))
                        .pass(early)
                        .add(ready(A), assigned(A, 7, 2)));
        bites(
                "I10",
                started()
                        .add(ready(A), assigned(A, 4, 1))
                        .add(ended(A, 4, new Failure.Permanent("no", "no")))
                        .pass(SECOND)
                        .add(ready(A), assigned(A, 8, 2)));
        bites("I10", started().add(ready(A), assigned(A, 4, 2)));
    }

    @Test
    void i11_a_timer_that_fires_early_twice_or_unset_bites() {
        var timer = new Timer.CloseDue();
        var set = new TimerSet(timer, HandMade.NOON.plusNanos(1_000));
        var fired = new TimerFired(timer);

        bites("I11", started().add(ready(A), set, fired));
        bites("I11", started().add(ready(A), set).pass(SECOND).add(fired, fired));
        bites("I11", started().add(ready(A), fired));
        bites(
                "I11",
                started()
                        .add(ready(A), assigned(A, 4, 1, HandMade.NOON), result(A, 4), ready(B))
                        .add(new TimerFired(new Timer.AttemptDue(4))));
    }

    // ---- I12, I13, I16

    @Test
    void i12_more_at_once_than_an_agent_takes_bites() {
        var one = started().add(ready(A), assigned(A, 4, 1));
        assertThat(check(one)).isEmpty();

        bites("I12", one.run("R2").add(STARTED, PLANNED, ready(A), assigned(A, 4, 1)));
    }

    @Test
    void i12_a_team_that_is_not_there_bites() {
        bites(
                "I12",
                HandMade.journal()
                        .add(
                                new RunStarted(
                                        new RunId("R1"), "t", "x", Value.Struct.EMPTY, Value.NULL))
                        .add(PLANNED, ready(A)));
    }

    @Test
    void i13_a_run_that_nothing_can_move_bites() {
        bites("I13", started());
        bites("I13", started().add(ready(A), assigned(A, 4, 1), ended(A, 4, BUSY)));
        bites("I13", right());
    }

    @Test
    void i16_an_artifact_that_is_missing_or_not_what_it_was_bites() {
        var hash = artifacts.put("hello".getBytes(StandardCharsets.UTF_8));
        var stored = new ArtifactStored(A, hash, 5, "text/plain", "greeting");
        assertThat(check(started().add(ready(A), stored))).isEmpty();

        bites("I16", started().add(ready(A), new ArtifactStored(A, hash, 6, "text/plain", "x")));
        bites(
                "I16",
                started()
                        .add(
                                ready(A),
                                new ArtifactStored(A, "0".repeat(64), 5, "text/plain", "x")));
        var damaged =
                new ArtifactStore() {
                    @Override
                    public String put(byte[] content) {
                        throw new UnsupportedOperationException("a check keeps nothing");
                    }

                    @Override
                    public Optional<byte[]> get(String any) {
                        throw new ArtifactException("not what was stored", null);
                    }
                };
        assertThat(Invariants.check(started().add(ready(A), stored), damaged, _ -> team()))
                .extracting(Violation::invariant)
                .containsExactly("I16");
    }

    @Test
    void i16_a_payload_whose_file_is_gone_bites(@TempDir Path folder) throws Exception {
        var files = new dev.tutti.runtime.artifact.FileArtifacts(folder.resolve("artifacts"));
        try (var journal = SqliteJournal.open(folder.resolve("tutti.db"), files)) {
            var large = new Refused("cancel", "x".repeat(100_000));
            var entries = HandMade.journal().add(STARTED, PLANNED, large, ready(A)).follow(0, 9);
            journal.commit(
                    List.of(
                            new Append(
                                    entries.getFirst().stream(),
                                    0,
                                    journal.claim(),
                                    entries.stream().map(Entry::event).toList(),
                                    List.of(),
                                    List.of(),
                                    List.of(HandMade.TEAM),
                                    null)));
            assertThat(Invariants.check(journal, files, _ -> team())).isEmpty();

            try (var walk = Files.walk(folder.resolve("artifacts"))) {
                for (var file : walk.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            assertThat(Invariants.check(journal, files, _ -> team()))
                    .extracting(Violation::invariant)
                    .contains("I16");
        }
    }

    // ---- I25

    private static final AgentId OTHER = new AgentId("other");

    private static HandMade passed(Passing passing) {
        var plan = List.of(task("a").with(passing));
        return HandMade.journal()
                .add(STARTED, new PlanAmended(0, "workflow", "written", plan))
                .add(ready(A));
    }

    private static Event.Assigned to(AgentId agent, long token, int attempt) {
        return new Assigned(A, token, agent, attempt, List.of(), null, null);
    }

    private static Event.HandedOver handed(long token, AgentId from, AgentId to, int what) {
        return new Event.HandedOver(A, token, from, to, Value.of(what), "", Usage.NONE);
    }

    private static Event.Iterated said(long token, @Nullable AgentId next) {
        return new Event.Iterated(A, token, Value.of(token), Usage.NONE, next);
    }

    @Test
    void i25_a_task_that_is_handed_over_otherwise_than_it_may_bites() {
        var both = new Passing.HandOff(List.of(ONLY_ONE, OTHER), 5);
        var right =
                passed(both)
                        .add(to(ONLY_ONE, 4, 1), handed(4, ONLY_ONE, OTHER, 1), ready(A))
                        .add(to(OTHER, 7, 2));
        assertThat(check(right)).isEmpty();
        bites(
                "I25",
                passed(both)
                        .add(to(ONLY_ONE, 4, 1), handed(4, ONLY_ONE, OTHER, 1), ready(A))
                        .add(to(ONLY_ONE, 7, 2)));
        bites("I25", passed(both).add(to(ONLY_ONE, 4, 1), handed(4, OTHER, ONLY_ONE, 1)));
        bites(
                "I25",
                passed(new Passing.HandOff(List.of(ONLY_ONE), 5))
                        .add(to(ONLY_ONE, 4, 1), handed(4, ONLY_ONE, OTHER, 1)));
        bites("I25", started().add(ready(A), to(ONLY_ONE, 4, 1), handed(4, ONLY_ONE, OTHER, 1)));
        var back =
                new HandMade[] {
                    passed(new Passing.HandOff(List.of(ONLY_ONE, OTHER), 2)), passed(both)
                };
        for (var journal : back) {
            int circle = journal == back[1] ? 1 : 9;
            bites(
                    "I25",
                    journal.add(to(ONLY_ONE, 4, 1), handed(4, ONLY_ONE, OTHER, 1), ready(A))
                            .add(to(OTHER, 7, 2), handed(7, OTHER, ONLY_ONE, 1), ready(A))
                            .add(to(ONLY_ONE, 10, 3), handed(10, ONLY_ONE, OTHER, circle)));
        }
    }

    @Test
    void i25_a_turn_that_is_not_ones_own_and_a_turn_too_many_bite() {
        var group =
                new Passing.Group(
                        List.of(new Passing.Member(ONLY_ONE, ""), new Passing.Member(OTHER, "")),
                        Passing.Turns.ROUND_ROBIN,
                        null,
                        2,
                        null,
                        null);
        assertThat(
                        check(
                                passed(group)
                                        .add(to(ONLY_ONE, 4, 1), said(4, OTHER), ready(A))
                                        .add(to(OTHER, 7, 2))))
                .isEmpty();
        bites(
                "I25",
                passed(group)
                        .add(to(ONLY_ONE, 4, 1), said(4, OTHER), ready(A))
                        .add(to(ONLY_ONE, 7, 2)));
        bites("I25", passed(group).add(to(ONLY_ONE, 4, 1), said(4, null)));
        bites("I25", passed(group).add(to(new AgentId("nobody"), 4, 1)));
        bites(
                "I25",
                passed(group)
                        .add(to(ONLY_ONE, 4, 1), said(4, OTHER), ready(A))
                        .add(to(OTHER, 7, 2), said(7, ONLY_ONE), ready(A)));
    }

    // ---- I22

    private static HandMade sharing() {
        var writes = List.of(new Sharing.Write("k", Value.text("${output}"), Sharing.Reducer.MAX));
        var writer = task("a").with(new Sharing(writes, List.of(), false));
        return HandMade.journal()
                .add(STARTED, new PlanAmended(0, "workflow", "written", List.of(writer)))
                .add(ready(A), assigned(A, 4, 1));
    }

    private static Event wrote(int version, int value, NoteRef... read) {
        var from = new Provenance(A, 4, "", List.of(read), Provenance.Trust.AGENT);
        return new Event.NoteWritten("k", version, Value.of(value), "max", -1, from);
    }

    @Test
    void i22_a_note_that_is_lost_made_up_or_rests_on_nothing_bites() {
        assertThat(named("I22", sharing().add(result(A, 4), wrote(1, 7)))).isEmpty();

        bites("I22", sharing().add(result(A, 4), ENDED));
        bites("I22", sharing().add(result(A, 4), wrote(2, 7)));
        bites("I22", sharing().add(wrote(1, 7)));
        bites("I22", sharing().add(result(A, 4), wrote(1, 7), wrote(2, 7)));
        bites("I22", sharing().add(result(A, 4), wrote(1, 7, new NoteRef("other", 1))));
        bites("I22", sharing().add(new Event.NoteRead(A, 4, List.of(new NoteRef("k", 1)))));
        bites("I22", started().add(ready(A), assigned(A, 4, 1), result(A, 4), wrote(1, 7)));
    }

    // ---- I36

    /// Two who give different answers, and are to be told of each other's once.
    private static HandMade debated(int items, int round) {
        var task = task("a");
        var resolve = new Resolve(new Resolve.By.Debate(1));
        var several = task.with(task.flow().with(new Task.Each("${[1, 2]}").with(resolve)));
        var first = new TaskId("a", 0);
        var second = new TaskId("a", 1);
        return HandMade.journal()
                .add(STARTED, new PlanAmended(0, "workflow", "written", List.of(several)))
                .add(new FannedOut("a", 2, 2), ready(first), ready(second))
                .add(assigned(first, 6, 1), assigned(second, 7, 1))
                .add(new Event.ResultAccepted(first, 6, Value.of(1), Usage.NONE))
                .add(new Event.ResultAccepted(second, 7, Value.of(2), Usage.NONE))
                .add(new Event.Dissented("a", 0.5, "vote", List.of(says(1), says(2))))
                .add(new Event.Debated("a", round, List.of(0, 1).subList(0, items)));
    }

    private static Position says(int answer) {
        return new Position(Value.of(answer), List.of("one"), List.of(), 0.5);
    }

    @Test
    void i36_a_round_too_many_one_who_is_not_asked_and_no_wait_for_answers_bite() {
        var joined = new Event.Joined("a", new Event.Resolved(Value.of(1), 0.5, "vote"));

        assertThat(named("I36", debated(2, 1))).isEmpty();
        bites("I36", debated(2, 2));
        bites("I36", debated(2, 1).add(new Event.Debated("a", 2, List.of(0, 1))));
        bites("I36", debated(1, 1));
        bites("I36", debated(2, 1).add(joined));
    }

    // ---- I37

    private static HandMade standingIn(int given) {
        var stands = new Event.Intervened("stand_in", List.of("a"), "r", Value.NULL, Value.of(1));
        return HandMade.journal()
                .add(STARTED, new PlanAmended(0, "workflow", "written", List.of(task("a"))))
                .add(stands, new Event.OutputGiven(A, Value.of(given)));
    }

    @Test
    void i37_another_output_one_that_comes_too_late_and_a_task_that_is_done_anyway_bite() {
        assertThat(named("I37", standingIn(1))).isEmpty();
        assertThat(named("I37", standingIn(1).add(new Event.TasksReset(List.of("a")), ready(A))))
                .isEmpty();
        bites("I37", standingIn(2));
        bites("I37", standingIn(1).add(ready(A)));
        bites(
                "I37",
                standingIn(1)
                        .add(new Event.TasksReset(List.of("a")), ready(A))
                        .add(
                                new Event.Intervened(
                                        "stand_in", List.of("a"), "r", Value.NULL, Value.of(1))));
    }

    // ---- I40

    private static HandMade ruled(Task.Rule... rules) {
        var task = task("a").with(Task.Policy.DEFAULT.withRules(rules));
        return HandMade.journal()
                .add(STARTED, new PlanAmended(0, "workflow", "written", List.of(task)));
    }

    private static Task.Rule rule(Task.Rule.Decision decision, String condition) {
        return new Task.Rule(decision, condition);
    }

    private static Event judged(@Nullable String approved, Ruling.Denied... denied) {
        return new TaskReady(
                A, Value.Struct.EMPTY, List.of(), new Ruling(List.of(denied), approved));
    }

    private static HandMade agreed(HandMade journal, Value.Struct to, String answer) {
        var question =
                new Question(
                        4,
                        A,
                        Question.Purpose.APPROVAL,
                        "may it?",
                        List.of(Question.APPROVE, Question.DENY),
                        Value.Struct.EMPTY,
                        to,
                        Digest.hash(to),
                        List.of(new Question.Rung("bo", null)),
                        null,
                        null,
                        1,
                        false);
        return journal.add(
                new Event.TaskHeld(A, to),
                new Event.QuestionAsked(question, 0),
                new Event.QuestionClosed(
                        4, Question.End.DECIDED, Value.text(answer), "decided by bo"));
    }

    @Test
    void i40_an_attempt_against_a_rule_bites() {
        var denies = rule(Task.Rule.Decision.DENY, "${agent.name == 'only_one'}");
        var allows = rule(Task.Rule.Decision.ALLOW, "${agent.trust < 0.1}");
        var unknown = rule(Task.Rule.Decision.DENY, "${agent.height > 2}");
        assertThat(named("I40", ruled(allows, denies).add(ready(A), assigned(A, 4, 1)))).isEmpty();
        bites("I40", ruled(denies, allows).add(ready(A), assigned(A, 4, 1)));
        bites("I40", ruled(unknown).add(ready(A), assigned(A, 4, 1)));
        var kept = new Ruling.Denied(ONLY_ONE, 1);
        assertThat(named("I40", ruled(denies).add(judged(null, kept)))).isEmpty();
        bites("I40", ruled(allows, denies).add(judged(null, kept)));
        bites("I40", ruled(denies).add(judged(null, new Ruling.Denied(ONLY_ONE, 2))));
        bites("I40", ruled().add(judged(null, kept)));
    }

    @Test
    void i40_an_attempt_before_a_person_agreed_or_to_something_else_bites() {
        var asks = rule(Task.Rule.Decision.ASK, "${true}");
        var nothing = Value.Struct.EMPTY;
        var hash = Digest.hash(nothing);
        var other = Value.struct("n", Value.of(1));
        assertThat(
                        named(
                                "I40",
                                agreed(ruled(asks), nothing, "approve")
                                        .add(judged(hash), assigned(A, 7, 1))))
                .isEmpty();
        bites("I40", ruled(asks).add(ready(A), assigned(A, 4, 1)));
        bites("I40", agreed(ruled(asks), nothing, "deny").add(judged(null), assigned(A, 7, 1)));
        bites(
                "I40",
                agreed(ruled(asks), other, "approve")
                        .add(judged(Digest.hash(other)), assigned(A, 7, 1)));
        bites("I40", agreed(ruled(asks), other, "approve").add(judged(hash)));
        bites("I40", agreed(ruled(rule(Task.Rule.Decision.ALLOW, "${true}"), asks), nothing, "x"));
    }

    // ---- I28

    private static HandMade bounded() {
        var writes = List.of(new Sharing.Write("k", Value.text("${output}"), Sharing.Reducer.MAX));
        var writer = task("a").with(new Sharing(writes, List.of("k"), false, 40));
        return HandMade.journal()
                .add(STARTED, new PlanAmended(0, "workflow", "written", List.of(writer)))
                .add(ready(A), assigned(A, 4, 1), result(A, 4), wrote(1, 7))
                .add(new Event.TasksReset(List.of("a")), ready(A));
    }

    private static Event context(int used, ContextPart... parts) {
        return new Event.ContextAssembled(A, 11, 40, used, List.of(parts));
    }

    private static Event shown(int version) {
        return new Event.NoteRead(A, 11, List.of(new NoteRef("k", version)));
    }

    @Test
    void i28_more_than_there_is_room_for_and_what_is_not_shown_bite() {
        var whole = ContextPart.Fate.WHOLE;
        var input = ContextPart.input(4, null);
        var k = new ContextPart("k", 1, whole, 3, 0, "fits", null);
        var later = new ContextPart("k", 2, whole, 3, 0, "fits", null);
        var cut = new ContextPart("k", 1, ContextPart.Fate.CUT, 0, 0, "is 50 tokens", null);
        var silent = new ContextPart("k", 1, ContextPart.Fate.COMPACTED, 3, 1, "is long", null);
        var good = bounded().add(context(7, input, k), shown(1), assigned(A, 11, 1));

        assertThat(named("I28", good)).isEmpty();
        bites("I28", bounded().add(context(41, input, k), shown(1), assigned(A, 11, 1)));
        bites("I28", bounded().add(context(7, input, k), assigned(A, 10, 1)));
        bites("I28", bounded().add(context(7, input, cut), shown(1), assigned(A, 11, 1)));
        bites("I28", bounded().add(context(7, input, later), shown(2), assigned(A, 11, 1)));
        bites("I28", bounded().add(context(7, input, silent), shown(1), assigned(A, 11, 1)));
        bites("I28", bounded().add(context(7, input, k), shown(1), ENDED));
    }

    // ---- I26

    private static Event announced(int round, @Nullable Instant deadline) {
        var reserve = deadline == null ? null : Money.of("1");
        return new Event.Announced(A, round, deadline == null ? 0 : 4, deadline, reserve, 1);
    }

    private static Event bid(AgentId agent, String usd) {
        var bid = new Bid(Money.of(usd), SECOND, 0.5);
        return new Event.BidPlaced(A, 1, agent, bid, bid, 0);
    }

    @Test
    void i26_an_award_that_nobody_bid_for_late_or_twice_bites() {
        var soon = HandMade.NOON.plus(SECOND);
        Supplier<HandMade> open = () -> started().add(ready(A), announced(1, soon));
        assertThat(named("I26", open.get().add(bid(ONLY_ONE, "0.5"), assigned(A, 6, 1)))).isEmpty();

        bites("I26", open.get().pass(SECOND).add(bid(ONLY_ONE, "0.5")));
        bites("I26", open.get().add(bid(ONLY_ONE, "0.5"), bid(ONLY_ONE, "0.4")));
        bites("I26", open.get().add(bid(OTHER, "0.5"), assigned(A, 6, 1)));
        bites("I26", open.get().add(bid(ONLY_ONE, "2"), assigned(A, 6, 1)));
        bites("I26", open.get().add(assigned(A, 5, 1)));
        bites("I26", open.get().add(bid(ONLY_ONE, "0.5"), assigned(A, 6, 1), bid(OTHER, "0.5")));
        bites("I26", open.get().add(announced(3, soon)));
    }

    @Test
    void i26_a_claim_of_what_is_another_s_bites() {
        Supplier<HandMade> open = () -> started().add(ready(A), announced(1, null));
        var claim = new Event.TaskClaimed(A, 1, ONLY_ONE, null);
        assertThat(named("I26", open.get().add(claim, assigned(A, 6, 1)))).isEmpty();

        bites("I26", open.get().add(claim, new Event.TaskClaimed(A, 1, OTHER, null)));
        bites("I26", open.get().add(new Event.TaskClaimed(A, 2, ONLY_ONE, null)));
        bites("I26", open.get().add(new Event.TaskClaimed(A, 1, OTHER, null), assigned(A, 6, 1)));
        bites("I26", started().add(ready(A), claim));
    }

    // ---- I27

    private static HandMade danced() {
        var begun =
                new RunStarted(
                        new RunId("R1"),
                        "test",
                        HandMade.TEAM.hash(),
                        Value.Struct.EMPTY,
                        Value.NULL,
                        "",
                        Task.Remedy.ASK,
                        null,
                        null,
                        Budget.NONE,
                        Mode.CHOREOGRAPHY);
        return HandMade.journal()
                .add(begun, new Event.MessageReceived("m1", "asked", Value.NULL, null, true));
    }

    private static Event claimed(AgentId agent, String role) {
        return new Event.Claimed(A, agent, "m1", role);
    }

    @Test
    void i27_what_is_not_ones_own_to_take_up_bites() {
        assertThat(named("I27", danced().add(claimed(ONLY_ONE, "x"), assigned(A, 4, 1)))).isEmpty();

        bites("I27", danced().add(new Event.Claimed(A, ONLY_ONE, "m2", "x")));
        bites("I27", danced().add(claimed(ONLY_ONE, "x"), claimed(OTHER, "x")));
        bites("I27", danced().add(claimed(OTHER, "x"), assigned(A, 4, 1)));
        bites("I27", danced().add(assigned(A, 3, 1)));
        bites("I27", danced().add(new Event.ClaimLost(A, BUSY)));
        bites(
                "I27",
                danced().add(
                                claimed(ONLY_ONE, "x"),
                                new Event.ClaimLost(A, BUSY),
                                claimed(ONLY_ONE, "x")));
        bites("I27", danced().add(new Event.Unanswered("m1", "", 0, "late"), claimed(OTHER, "x")));
        bites("I27", started().add(claimed(ONLY_ONE, "x")));
    }

    @Test
    void i27_what_is_expected_and_forgotten_bites() {
        var expected = new Event.Expected(1, "m1", "", HandMade.NOON);
        var met = new Event.ExpectationMet(3, "m1");
        assertThat(named("I27", danced().add(expected, met, ENDED))).isEmpty();

        bites("I27", danced().add(expected, ENDED));
        bites("I27", danced().add(met));
        bites("I27", danced().add(expected, met, met));
        bites("I27", danced().add(new Event.Unanswered("m1", "", 3, "late")));
    }

    @Test
    void everything_wrong_is_reported_at_once_with_its_place() {
        var found = check(started().add(ready(B), assigned(B, 4, 2), ENDED, ENDED));

        assertThat(found).extracting(Violation::invariant).contains("I3", "I6", "I10");
        assertThat(found)
                .anySatisfy(violation ->
                        assertThat(violation)
                                .hasToString(
                                        "I6 local:run/R1#3: a TaskReady of b before [a] is finished; it needs 1"));
    }

    // ---- words for the tests

    private static Team team() {
        var agent =
                new Agent(
                        ONLY_ONE,
                        List.of(new SkillId("work")),
                        "simulated",
                        Value.Struct.EMPTY,
                        new Agent.Limits(1, null));
        return new Team(List.of(), List.of(agent), List.of());
    }

    private List<Violation> check(HandMade journal) {
        return Invariants.check(journal, artifacts, _ -> team());
    }

    private List<Violation> named(String invariant, HandMade journal) {
        return check(journal).stream().filter(one -> one.invariant().equals(invariant)).toList();
    }

    private void bites(String invariant, HandMade journal) {
        assertThat(check(journal)).extracting(Violation::invariant).contains(invariant);
    }

    private static Entry at(Entry entry, long sequence, long epoch, long position) {
        return new Entry(position, entry.stream(), sequence, epoch, entry.event(), entry.hash());
    }

    private static Entry payload(Entry entry, String json) {
        var event = entry.event();
        return new Entry(
                entry.position(),
                entry.stream(),
                entry.sequence(),
                entry.epoch(),
                new NewEntry(
                        event.type(),
                        EventCodec.VERSION,
                        event.at(),
                        event.actor(),
                        event.cause(),
                        null,
                        json.getBytes(StandardCharsets.UTF_8)),
                entry.hash());
    }
}

package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Runs whose agents give the tasks away among themselves, with the engine as it is and a
/// dispatcher that fails when it is asked to choose.
class AuctionsTest {
    private static final StreamId RUN = GoldenRuns.stream("auctions");

    private final MemoryJournal journal = new MemoryJournal();

    private List<Event> events() {
        return journal.read(RUN, 0, Integer.MAX_VALUE).stream().map(Runs::event).toList();
    }

    private <E extends Event> Stream<E> all(Class<E> type) {
        return events().stream().filter(type::isInstance).map(type::cast);
    }

    private static Request start() {
        return new Request.Start(
                "golden", Request.definition(Value.Struct.EMPTY), Value.Struct.EMPTY);
    }

    @Test
    void a_decentralized_run_ends_and_no_dispatcher_chooses() {
        GoldenAuctioned.auctioned("auctions", journal);

        assertThat(Runs.load(journal, RUN).state().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(all(Event.BidPlaced.class)).isNotEmpty();
        assertThat(all(Event.TaskClaimed.class).map(Event.TaskClaimed::from))
                .as("some from their own backlog, some stolen")
                .hasSize(4)
                .containsNull()
                .anyMatch(from -> from != null);
        assertThat(
                        journal.read(RUN, 0, Integer.MAX_VALUE).stream()
                                .filter(entry -> entry.event().type().equals("Assigned"))
                                .map(Entry::event)
                                .map(event -> event.actor()))
                .allMatch(actor -> actor.equals("agents") || actor.startsWith("agent/"));
        assertThat(Invariants.check(journal, new MemoryArtifacts(), _ -> GoldenAuctioned.team()))
                .isEmpty();
    }

    @Test
    void the_dispatcher_of_that_run_does_fail_when_it_chooses() {
        var named = GoldenAuctioned.team();
        var chosen = new Team(named.skills(), named.agents(), named.workflows());
        var world =
                new OneThread(
                        journal,
                        _ -> chosen,
                        attempt ->
                                new OneThread.Work(
                                        Duration.ofMillis(1),
                                        Outcome.succeeded(attempt.input()),
                                        List.of()),
                        GoldenRuns.START,
                        GoldenAuctioned.untouched());
        world.ask(Duration.ZERO, RUN, start(), "start-1");
        assertThatThrownBy(() -> world.runUntil(GoldenRuns.START.plusSeconds(5)))
                .hasMessageContaining("the dispatcher chose");
    }

    @Test
    void one_who_boasts_is_taken_for_less_the_next_time() {
        GoldenAuctioned.auctioned("auctions", journal);
        var boasts =
                all(Event.BidPlaced.class)
                        .filter(bid -> bid.agent().value().equals("boaster"))
                        .toList();
        assertThat(boasts.getFirst().likely().confidence()).isEqualTo(1);
        assertThat(boasts.getLast().likely().confidence()).isLessThan(1);
        assertThat(boasts.getLast().bid().confidence()).isEqualTo(1);
    }

    @Test
    void what_nobody_may_win_is_announced_again_and_then_left_to_the_ladder() {
        GoldenAuctioned.auctioned("auctions", journal);
        assertThat(
                        all(Event.Announced.class)
                                .filter(one -> one.task().name().equals("dear"))
                                .map(Event.Announced::round))
                .containsExactly(1, 2);
        assertThat(all(Event.TaskSkipped.class))
                .singleElement()
                .satisfies(skipped ->
                        assertThat(skipped.reason()).contains("above the reserve of $0.001"));
    }

    @Test
    void another_process_takes_over_when_the_one_that_began_the_run_is_gone_for_good() {
        var team = GoldenAuctioned.team();
        for (int events = 1; events < 60; events += 3) {
            var store = new MemoryJournal();
            var at = GoldenRuns.START;
            for (int process = 0; process < 2; process++) {
                var world =
                        new OneThread(
                                store,
                                _ -> team,
                                attempt ->
                                        new OneThread.Work(
                                                Duration.ofMillis(20),
                                                Outcome.succeeded(attempt.input()),
                                                List.of()),
                                at,
                                GoldenAuctioned.untouched());
                if (process == 0) {
                    world.ask(Duration.ZERO, RUN, start(), "start-1");
                    while (store.head(RUN) < events
                            && world.now().isBefore(GoldenRuns.START.plusSeconds(30))) {
                        world.runUntil(world.now().plusMillis(1));
                        world.passTo(world.now().plusMillis(1));
                    }
                } else {
                    world.runUntil(at.plusSeconds(600));
                }
                at = world.now().plusSeconds(1);
            }
            assertThat(Runs.load(store, RUN).state().status())
                    .as("after %d events", events)
                    .isEqualTo(Status.SUCCEEDED);
            assertThat(Invariants.check(store, new MemoryArtifacts(), _ -> team)).isEmpty();
        }
    }

    @Test
    void a_run_that_is_paused_takes_bids_and_awards_when_it_goes_on() {
        var team = GoldenAuctioned.team();
        var world =
                new OneThread(
                        journal,
                        _ -> team,
                        attempt ->
                                new OneThread.Work(
                                        Duration.ofMillis(20),
                                        Outcome.succeeded(attempt.input()),
                                        List.of()),
                        GoldenRuns.START,
                        GoldenAuctioned.untouched());
        world.ask(Duration.ZERO, RUN, start(), "start-1");
        world.ask(Duration.ZERO, RUN, new Request.Intervene(new Verb.Pause(), "tea", 0), "pause-1");
        world.runUntil(GoldenRuns.START.plusSeconds(60));
        assertThat(all(Event.BidPlaced.class)).isNotEmpty();
        assertThat(all(Event.Assigned.class)).isEmpty();
        world.ask(
                Duration.ZERO, RUN, new Request.Intervene(new Verb.Resume(), "on", 0), "resume-1");
        world.runUntil(GoldenRuns.START.plusSeconds(120));
        assertThat(Runs.load(journal, RUN).state().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void a_fork_with_another_input_of_what_nobody_bid_for_is_bid_for_anew() {
        var golden = GoldenAuctioned.team();
        var tasks =
                golden.workflows().getFirst().tasks().stream()
                        .map(task ->
                                task.name().equals("dear") ? task.with(Task.Policy.DEFAULT) : task)
                        .toList();
        var strict = new Workflow("golden", Type.Struct.OPEN, tasks, Value.text("${quick}"));
        var team = new Team(golden.skills(), golden.agents(), List.of(strict), golden.terms());
        var world =
                new OneThread(
                        journal,
                        _ -> team,
                        attempt ->
                                new OneThread.Work(
                                        Duration.ofMillis(20),
                                        Outcome.succeeded(attempt.input()),
                                        List.of()),
                        GoldenRuns.START,
                        GoldenAuctioned.untouched());
        world.ask(Duration.ZERO, RUN, start(), "start-1");
        world.runUntil(GoldenRuns.START.plusSeconds(60));
        assertThat(Runs.load(journal, RUN).state().status()).isEqualTo(Status.FAILED);
        var edit = new Verb.EditInput(TaskId.of("dear"), Value.struct("n", Value.of(2)));
        long ready = number(Event.TaskReady.class, "dear");
        long failed = number(Event.TaskFailed.class, "dear");
        for (long at = ready; at <= failed; at++) {
            var fork = GoldenRuns.stream("fork-" + at);
            world.ask(
                    Duration.ZERO,
                    fork,
                    new Request.Fork(RUN.run(), at, false, edit, "cheaper"),
                    "fork-" + at);
            world.runUntil(world.now().plusSeconds(60));
            assertThat(
                            journal.read(fork, 0, Integer.MAX_VALUE).stream()
                                    .map(Runs::event)
                                    .dropWhile(event -> !(event instanceof Event.Intervened)))
                    .as("since it was forked at event %d", at)
                    .filteredOn(event ->
                            event instanceof Event.Announced announced
                                    && announced.task().name().equals("dear"))
                    .hasSize(2);
        }
        assertThat(Invariants.check(journal, new MemoryArtifacts(), _ -> team)).isEmpty();
    }

    private long number(Class<? extends Event> type, String task) {
        var events = events();
        for (int i = 0; i < events.size(); i++) {
            if (type.isInstance(events.get(i)) && events.get(i).toString().contains(task)) {
                return i + 1;
            }
        }
        throw new AssertionError("no " + type.getSimpleName() + " of " + task);
    }
}

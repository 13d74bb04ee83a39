package dev.tutti.modes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// examples/modes answers the same in every mode, and nobody decides in it who is not of the mode.
///
/// `-Dmodes.table=docs/modes.md` measures and writes the table of that page.
class ModesTest {
    @TempDir Path folder;

    /// The workflows of the example.
    enum Mode {
        PLANNED("the plan"),
        GOAL("a planner; the agents bid"),
        HIERARCHY("each run its own"),
        EVENTS("whoever publishes"),
        AUCTION("the plan; the agents bid"),
        HAND_OFF("whoever has it"),
        CHOREOGRAPHY("nobody");

        private final String who;

        Mode(String who) {
            this.who = who;
        }

        /// Whether an event is one that a journal of this mode does not have.
        private boolean isForeign(Event event) {
            return switch (this) {
                case CHOREOGRAPHY -> directs(event);
                case AUCTION, GOAL ->
                        event instanceof Event.Claimed
                                || (event instanceof Event.Assigned e && e.candidates().isEmpty());
                case PLANNED, HIERARCHY, EVENTS, HAND_OFF ->
                        event instanceof Event.Claimed || event instanceof Event.Announced;
            };
        }

        String workflow() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A plan beforehand, or an agent chosen among several.
    private static boolean directs(Event event) {
        return (event instanceof Event.PlanAmended e
                        && e.author().equals("workflow")
                        && !e.tasks().isEmpty())
                || (event instanceof Event.Assigned a && a.candidates().size() > 1);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void the_desk_answers_the_same_in_every_mode(Mode mode) throws Exception {
        var team = Team.read(Desk.FILE);
        var answers = new ArrayList<String>();
        var answerers = new ArrayList<List<String>>();
        var known = new LinkedHashSet<RunId>();
        try (var tutti = Desk.open(folder.resolve("store"), team)) {
            for (var text : Desk.ASKED) {
                var run = tutti.submit(team.goal(mode.workflow(), Map.of("text", text)));
                answers.add(Desk.sent(run.await(Desk.PATIENCE).orElseThrow().output()));
                try (var reader = tutti.reader()) {
                    assertThat(events(reader, run.stream())).noneMatch(mode::isForeign);
                }
                answerers.add(answerers(tutti, known));
            }
        }
        assertThat(answers).isEqualTo(Desk.ANSWERED);
        assertThat(answerers)
                .as("each request was answered by the one whose it is")
                .containsExactly(List.of("biller"), List.of("mechanic"), List.of("clerk"));
    }

    /// Who of those that answer has done a task of the runs that came since.
    private static List<String> answerers(Tutti tutti, Set<RunId> known)
            throws InterruptedException {
        var named = new ArrayList<String>();
        for (var summary : tutti.runs(100)) {
            if (known.add(summary.run())) {
                var run = tutti.run(summary.run().value());
                run.await(Desk.PATIENCE);
                for (var task : run.load().state().tasks().values()) {
                    var agent = task.agent() == null ? "" : task.agent().value();
                    if (Desk.ANSWERERS.contains(agent)) {
                        named.add(agent);
                    }
                }
            }
        }
        return named;
    }

    private static List<Event> events(JournalReader reader, StreamId run) {
        return reader.read(run, 0, 10_000).stream().map(Runs::event).toList();
    }

    // ---- the table

    @Test
    @EnabledIfSystemProperty(named = "modes.table", matches = ".+")
    void the_modes_are_measured_beside_one_another() throws Exception {
        var rows = new ArrayList<String>();
        for (var mode : Mode.values()) {
            rows.add(row(mode, Integer.getInteger("modes.runs", 200)));
        }
        MeasuredTable.write(System.getProperty("modes.table"), "measured", table(rows));
    }

    private static List<String> table(List<String> rows) {
        var table = new ArrayList<String>();
        table.add(
                "| workflow | who says what is next | messages a request | events a request | commits a"
                        + " request | median latency | requests a second |");
        table.add("|---|---|---|---|---|---|---|");
        table.addAll(rows);
        return table;
    }

    private String row(Mode mode, int runs) throws Exception {
        var team = Team.read(Desk.FILE);
        try (var tutti = Desk.open(folder.resolve(mode.workflow()), team)) {
            var took = new long[runs];
            for (int i = 0; i < runs; i++) {
                long from = System.nanoTime();
                var text = Desk.ASKED.get(i % Desk.ASKED.size());
                var run = tutti.submit(team.goal(mode.workflow(), Map.of("text", text)));
                assertThat(run.await(Desk.PATIENCE)).isPresent();
                took[i] = System.nanoTime() - from;
            }
            Arrays.sort(took);
            var talk = Talk.of(tutti);
            long from = System.nanoTime();
            var together = Desk.ask(tutti, team, mode.workflow(), runs);
            for (var run : together) {
                assertThat(run.await(Desk.PATIENCE)).isPresent();
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %.0f | %.0f | %.0f | %.0f ms | %.0f |",
                    mode.workflow(),
                    mode.who,
                    (double) talk.messages() / runs,
                    (double) talk.events() / runs,
                    (double) talk.commits() / runs,
                    took[runs / 2] / 1e6,
                    runs / seconds);
        }
    }

    /// What all runs of a store and its topics came to.
    ///
    /// @param messages what was said to others: posted on a topic, said in a choreography,
    ///   announced, bid and handed over. What a dispatcher gives to an agent, and its result, are
    ///   none
    /// @param commits by the times of events, of which each commit of a stream has one
    private record Talk(long messages, long events, long commits) {
        static Talk of(Tutti tutti) throws InterruptedException {
            long messages = 0;
            long events = 0;
            long commits = 0;
            try (var reader = tutti.reader()) {
                for (var summary : tutti.runs(1_000_000)) {
                    var run = tutti.run(summary.run().value());
                    run.await(Desk.PATIENCE);
                    Set<Instant> appends = new LinkedHashSet<>();
                    for (var entry : reader.read(run.stream(), 0, 10_000)) {
                        appends.add(entry.event().at());
                        events++;
                        messages += isTalk(Runs.event(entry)) ? 1 : 0;
                    }
                    commits += appends.size();
                }
                var desk = reader.read(StreamId.topic(TenantId.LOCAL, "desk"), 0, 1_000_000);
                var posts = new LinkedHashSet<Instant>();
                desk.forEach(entry -> posts.add(entry.event().at()));
                commits += posts.size();
                messages += desk.size();
                events += desk.size();
            }
            return new Talk(messages, events, commits);
        }

        private static boolean isTalk(Event event) {
            return event instanceof Event.Announced
                    || event instanceof Event.BidPlaced
                    || event instanceof Event.HandedOver
                    || (event instanceof Event.MessageReceived said && said.task() == null);
        }
    }
}

package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers bid on tasks in their own words, over the protocol by which they ask for work.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class WorkerBidsTest {
    private static final String TOKEN = "a-token-for-tests-only";

    /// One agent elsewhere, and one here that asks five cents.
    private static final String TEAM =
            """
            tutti: 1
            agents:
              shouter: { skills: [shout], uses: worker, bid: { price: 0.09, time: 1s, confidence: 0.9 } }
              crier:
                skills: [shout]
                uses: simulated
                with: { latency: 1ms, output: { text: "here" } }
                bid: { price: 0.05, time: 1s, confidence: 0.9 }
            workflows:
              greet:
                tasks:
                  shout: { skill: shout, input: { text: ada }, dispatch: { by: auction, within: %s } }
                output: "${shout.text}"
            """;

    @TempDir Path folder;

    private final Tutti tutti = Tutti.inMemory();
    private final Server server =
            Server.start(
                    tutti,
                    OperatorToken.of(TOKEN),
                    new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(5)));
    private final Client operator = new Client(server.port(), TOKEN);
    private final List<Client> clients = new ArrayList<>();

    @AfterEach
    void close() {
        server.close();
        tutti.close();
        operator.close();
        clients.forEach(Client::close);
    }

    private Client worker(boolean bids) throws Exception {
        var answer =
                operator.post(
                        "/api/v1/workers",
                        Value.struct(
                                "name", Value.text("w"),
                                "agents", Value.from(List.of("shouter")),
                                "bids", Value.of(bids)));
        assertThat(answer.status()).isEqualTo(201);
        var client = new Client(server.port(), answer.body().text("token"));
        clients.add(client);
        return client;
    }

    private Run begin(String within) throws Exception {
        var file = Files.writeString(folder.resolve("team.yaml"), TEAM.formatted(within));
        return tutti.submit(Team.read(file).goal("greet", Map.of()));
    }

    private static Value.Struct asked(Client worker) throws Exception {
        var answer = worker.post("/api/v1/workers/leases?wait=20");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    private static Client.Answer bid(Client worker, Value.Struct asked, Value... bids)
            throws Exception {
        return worker.post(
                "/api/v1/workers/announcements/" + asked.text("announcement") + "/bids",
                Value.struct("bids", new Value.Array(List.of(bids))));
    }

    private static Value.Struct price(String price) {
        return Value.struct("task", Value.text("shout"), "price", Value.text(price));
    }

    private static void work(Client worker) throws Exception {
        var lease = asked(worker).text("lease");
        var done =
                worker.post(
                        "/api/v1/workers/leases/" + lease + "/complete",
                        Value.struct("output", Value.struct("text", Value.text("elsewhere"))));
        assertThat(done.status()).isEqualTo(200);
    }

    private Stream<Event> events(Run run) {
        try (var reader = tutti.reader()) {
            return reader.read(run.stream(), 0, 1_000).stream().map(Runs::event).toList().stream();
        }
    }

    @Test
    void a_worker_is_told_what_was_announced_and_has_the_task_that_it_bids_least_for()
            throws Exception {
        var worker = worker(true);
        var run = begin("10s");
        var asked = asked(worker);

        assertThat(asked.text("agent")).isEqualTo("shouter");
        assertThat(asked.text("run")).isEqualTo(run.id().value());
        assertThat(asked.get("self")).asString().contains("places");
        assertThat(asked.get("tasks")).asString().contains("ada", "shout", "otherwise", "0.09");
        assertThat(bid(worker, asked, price("0.02")).status()).isEqualTo(200);
        work(worker);

        assertThat(run.await().output()).isEqualTo(Value.text("elsewhere"));
        assertThat(events(run))
                .anySatisfy(event ->
                        assertThat(event)
                                .isInstanceOfSatisfying(
                                        Event.BidPlaced.class,
                                        placed -> {
                                            assertThat(placed.agent())
                                                    .isEqualTo(new AgentId("shouter"));
                                            assertThat(placed.bid().price().toString())
                                                    .contains("0.02");
                                            // What it did not say is as the team file has it.
                                            assertThat(placed.bid().confidence()).isEqualTo(0.9);
                                        }));
    }

    @Test
    void one_who_declines_and_one_who_says_nothing_in_time_have_no_task() throws Exception {
        var worker = worker(true);
        var declined = begin("10s");
        var no =
                Value.struct("task", Value.text("shout"), "decline", Value.text("the GPU is full"));
        assertThat(bid(worker, asked(worker), no).status()).isEqualTo(200);
        assertThat(declined.await().output()).isEqualTo(Value.text("here"));
        assertThat(events(declined))
                .anySatisfy(event ->
                        assertThat(event)
                                .isInstanceOfSatisfying(
                                        Event.BidDeclined.class,
                                        one -> assertThat(one.reason()).contains("GPU")));

        var silent = begin("300ms");
        var asked = asked(worker);
        assertThat(silent.await().output()).isEqualTo(Value.text("here"));
        var late = bid(worker, asked, price("0.01"));
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.body().text("code")).isEqualTo("no_bids_taken");
    }

    @Test
    void where_no_worker_bids_in_its_own_words_the_team_file_does() throws Exception {
        worker(false);
        var run = begin("5s");

        assertThat(run.await().output()).isEqualTo(Value.text("here"));
        assertThat(events(run)).filteredOn(event -> event instanceof Event.BidPlaced).hasSize(2);
    }

    @Test
    void what_one_leaves_is_bid_on_by_the_next_and_by_nobody_else() throws Exception {
        var first = worker(true);
        var run = begin("20s");
        var asked = asked(first);
        var second = worker(true);
        assertThat(bid(second, asked, price("0.01")).body().text("code"))
                .isEqualTo("no_bids_taken");
        first.post("/api/v1/workers/leave");

        var again = asked(second);
        assertThat(bid(second, again, price("0.01")).status()).isEqualTo(200);
        assertThat(bid(second, again, price("0.03")).status()).isEqualTo(409);
        work(second);
        assertThat(run.await().output()).isEqualTo(Value.text("elsewhere"));
    }

    @Test
    void all_that_is_wrong_with_bids_is_said_at_once_and_they_may_be_made_again() throws Exception {
        var worker = worker(true);
        var run = begin("20s");
        var asked = asked(worker);
        var wrong =
                bid(
                        worker,
                        asked,
                        Value.struct("task", Value.text("whisper")),
                        price("-1"),
                        Value.struct(
                                "task", Value.text("shout"),
                                "time", Value.text("soon"),
                                "confidence", Value.of(2)),
                        Value.text("cheap"),
                        Value.struct("task", Value.text("shout"), "decline", Value.of(true)));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().text("detail"))
                .contains("bids[0].task", "bids[1].price", "bids[2].time", "bids[2].confidence")
                .contains("bids[3] is to be an object", "bids[4].decline says why");

        assertThat(bid(worker, asked, price("0.01")).status()).isEqualTo(200);
        work(worker);
        assertThat(run.await().succeeded()).isTrue();
    }
}

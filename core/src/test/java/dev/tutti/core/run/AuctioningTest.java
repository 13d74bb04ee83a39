package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Event.Announced;
import dev.tutti.core.event.Event.Assigned;
import dev.tutti.core.event.Event.BidPlaced;
import dev.tutti.core.event.Event.Ended;
import dev.tutti.core.event.Event.TaskClaimed;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Tasks that their agents give away among themselves.
class AuctioningTest {
    private static final AgentId ANN = new AgentId("ann");
    private static final AgentId BEN = new AgentId("ben");
    private static final TaskId ONE = TaskId.of("one");
    private static final TaskId TWO = TaskId.of("two");
    private static final Duration WITHIN = Duration.ofSeconds(2);

    private final RunFixture run = new RunFixture();

    private AuctioningTest announced(@Nullable String reserve, String... tasks) {
        return given(
                new Terms.Choice(
                        Terms.Way.AUCTION,
                        null,
                        new Terms.Bidding(
                                WITHIN, reserve == null ? null : Money.of(reserve), 2, null)),
                Stream.of(tasks).map(RunFixture::task).toArray(Task[]::new));
    }

    private AuctioningTest given(Terms.Choice choice, Task... tasks) {
        var terms =
                new Terms(
                        choice,
                        Terms.Worth.DEFAULT,
                        List.of(),
                        Collections.emptyMap(),
                        Collections.emptyMap());
        run.team =
                new Team(
                        List.of(),
                        List.of(RunFixture.agent("ann"), RunFixture.agent("ben")),
                        List.of(),
                        terms);
        run.start(Value.NULL, tasks);
        return this;
    }

    private static Reply bid(TaskId task, int round, String price, double confidence) {
        return new Reply.Bids(
                task, round, new Bid(Money.of(price), Duration.ofSeconds(1), confidence));
    }

    private Decision bids(AgentId agent, Reply... replies) {
        return run.send(new Command.Bid(agent, List.of(replies)));
    }

    private Decision award(AgentId... places) {
        return run.send(new Command.Award(List.of(places)));
    }

    private List<String> given() {
        return run.all(Assigned.class).stream()
                .map(assigned -> assigned.task() + " to " + assigned.agent())
                .toList();
    }

    @Test
    void a_task_goes_to_the_lowest_cost_once_all_who_may_have_bid() {
        announced(null, "one");
        assertThat(run.all(Announced.class))
                .singleElement()
                .satisfies(announced -> {
                    assertThat(announced.round()).isEqualTo(1);
                    assertThat(announced.invited()).isEqualTo(2);
                    assertThat(announced.deadline()).isEqualTo(run.now.plus(WITHIN));
                });
        bids(ANN, bid(ONE, 1, "0.30", 0.9));
        assertThat(run.state.auctions().isDue()).isFalse();
        award(ANN, BEN);
        assertThat(given()).isEmpty();

        bids(BEN, bid(ONE, 1, "0.01", 0.9));
        assertThat(run.state.auctions().isDue()).isTrue();
        award(ANN, BEN);

        assertThat(given()).containsExactly("one to ben");
        var candidates = run.all(Assigned.class).getFirst().candidates();
        assertThat(candidates.get(0).agent()).isEqualTo(BEN);
        assertThat(candidates.get(0).score()).isGreaterThan(candidates.get(1).score());
        assertThat(run.state.timers()).isEmpty();
        assertThat(award(ANN, BEN).events()).isEmpty();
    }

    @Test
    void equal_bids_go_to_the_first_name() {
        announced(null, "one");
        bids(BEN, bid(ONE, 1, "0.30", 0.9));
        bids(ANN, bid(ONE, 1, "0.30", 0.9));
        award(ANN, BEN);
        assertThat(given()).containsExactly("one to ann");
    }

    @Test
    void a_bid_that_is_late_doubled_or_for_another_round_counts_for_nothing() {
        announced(null, "one");
        bids(ANN, bid(ONE, 1, "0.30", 0.9));
        assertThat(bids(ANN, bid(ONE, 1, "0.01", 0.9)).events()).isEmpty();
        assertThat(bids(BEN, bid(ONE, 2, "0.01", 0.9)).rejection()).isNotNull();
        assertThat(bids(new AgentId("eve"), bid(ONE, 1, "0", 1)).events()).isEmpty();

        run.now = run.now.plus(WITHIN);
        var late = bids(BEN, bid(ONE, 1, "0.01", 0.9));

        assertThat(late.rejection())
                .isNotNull()
                .extracting(Decision.Rejection::message)
                .asString()
                .contains("is over");
        assertThat(run.all(BidPlaced.class)).hasSize(1);
        run.pass(Duration.ZERO);
        award(ANN, BEN);
        assertThat(given()).containsExactly("one to ann");
    }

    @Test
    void nobody_wins_above_the_reserve_and_a_task_without_a_bid_ends_after_its_rounds() {
        announced("0.10", "one");
        bids(ANN, bid(ONE, 1, "0.11", 0.9));
        bids(BEN, new Reply.Declines(ONE, 1, "busy"));
        award(ANN, BEN);
        assertThat(given()).isEmpty();

        run.pass(WITHIN);
        assertThat(run.all(Announced.class)).extracting(Announced::round).containsExactly(1, 2);
        run.pass(WITHIN);

        assertThat(run.all(Ended.class))
                .singleElement()
                .extracting(Ended::failure)
                .extracting(Failure::code)
                .isEqualTo("no_bids");
    }

    @Test
    void a_task_whose_winner_is_lost_is_announced_again() {
        announced(null, "one");
        bids(ANN, bid(ONE, 1, "0.01", 0.9));
        bids(BEN, bid(ONE, 1, "0.02", 0.9));
        award(ANN, BEN);
        run.fail("one", new Failure.Crashed());
        run.pass(Duration.ofSeconds(1));

        assertThat(run.all(Announced.class)).extracting(Announced::round).containsExactly(1, 2);
        assertThat(bids(ANN, bid(ONE, 1, "0.01", 0.9)).rejection()).isNotNull();
        award(ANN, BEN);
        assertThat(given()).containsExactly("one to ann");
        bids(BEN, bid(ONE, 2, "0.02", 0.9));
        run.pass(WITHIN);
        award(ANN, BEN);
        assertThat(given()).containsExactly("one to ann", "one to ben");
    }

    @Test
    void what_was_announced_together_is_awarded_together() {
        announced(null, "one", "two");
        // Each would like the first best; together it is cheaper the other way round.
        bids(ANN, bid(ONE, 1, "0.01", 1), bid(TWO, 1, "0.02", 1));
        assertThat(run.state.auctions().isDue()).isFalse();
        bids(BEN, bid(ONE, 1, "0.02", 1), bid(TWO, 1, "0.90", 1));
        award(ANN, BEN);
        assertThat(given()).containsExactlyInAnyOrder("one to ben", "two to ann");
    }

    @Test
    void a_bidder_without_a_place_does_not_win_and_the_bids_stay() {
        announced(null, "one");
        bids(ANN, bid(ONE, 1, "0.01", 0.9));
        bids(BEN, bid(ONE, 1, "0.02", 0.9));
        award();
        assertThat(given()).isEmpty();
        run.pass(Duration.ofMinutes(5));
        award(BEN);
        assertThat(given()).containsExactly("one to ben");
        assertThat(run.all(Assigned.class).getFirst().candidates().get(1).excluded())
                .isEqualTo("all its places are taken");
    }

    @Test
    void the_first_claim_has_the_task_and_the_second_comes_too_late() {
        given(Terms.Choice.of(Terms.Way.CLAIM), RunFixture.task("one"));
        assertThat(bids(ANN, bid(ONE, 1, "0", 1)).rejection()).isNotNull();
        run.send(new Command.ClaimTask(ONE, 1, BEN, ANN));
        var second = run.send(new Command.ClaimTask(ONE, 1, ANN, null));
        assertThat(second.rejection()).isNotNull();
        assertThat(given()).containsExactly("one to ben");
        assertThat(run.all(TaskClaimed.class))
                .singleElement()
                .satisfies(claimed -> {
                    assertThat(claimed.agent()).isEqualTo(BEN);
                    assertThat(claimed.from()).isEqualTo(ANN);
                });
    }
}

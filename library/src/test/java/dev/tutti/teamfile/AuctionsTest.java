package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Terms;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a team file says of tasks that its agents give away among themselves.
class AuctionsTest {
    private static TeamFile file(String task, String agent, String more) {
        return TeamFile.parse(
                """
                tutti: 1
                agents:
                  quick: { skills: [draft], uses: simulated, price: { usd: 0.05 }%s }
                workflows:
                  letters:
                    %stasks:
                      draft: { skill: draft%s }
                """
                        .formatted(agent, more, task),
                "team.yaml");
    }

    private static List<String> faults(String task, String agent, String more) {
        return file(task, agent, more).faults().stream().map(Fault::code).toList();
    }

    @Test
    void a_task_says_that_it_is_bid_on_and_on_which_terms() {
        var file =
                file(
                        ", dispatch: { by: auction, within: 500ms, reserve: 0.10, rounds: 5,"
                                + " lease: 30s }",
                        ", bid: { price: \"${double(self.busy) * 0.01}\", time: 3s, confidence: 0.9 }",
                        "");
        assertThat(file.faults()).isEmpty();
        var terms = file.team().orElseThrow().terms();
        var choice = terms.of("letters", "draft").choice();
        assertThat(choice.way()).isEqualTo(Terms.Way.AUCTION);
        assertThat(choice.bidding())
                .isEqualTo(
                        new Terms.Bidding(
                                Duration.ofMillis(500),
                                Money.of("0.1"),
                                5,
                                Duration.ofSeconds(30)));
        assertThat(terms.of(new AgentId("quick")).bid().get("time")).isEqualTo(Value.text("3s"));
    }

    @Test
    void every_task_of_a_decentralized_workflow_is_bid_on_unless_it_is_claimed() {
        var all = file("", "", "mode: decentralized\n    ").team().orElseThrow().terms();
        assertThat(all.of("letters", "draft").choice().way()).isEqualTo(Terms.Way.AUCTION);
        assertThat(all.of("letters", "planned_later").choice().way()).isEqualTo(Terms.Way.AUCTION);
        var claimed =
                file(", dispatch: claim", "", "mode: decentralized\n    ").team().orElseThrow();
        assertThat(claimed.terms().of("letters", "draft").choice().way())
                .isEqualTo(Terms.Way.CLAIM);
    }

    @Test
    void what_cannot_come_together_is_said_with_the_mend() {
        assertThat(faults(", dispatch: { by: best, reserve: 1 }", "", ""))
                .containsExactly("E-BID-01");
        assertThat(faults(", dispatch: best", "", "mode: decentralized\n    "))
                .containsExactly("E-BID-02");
        assertThat(faults(", dispatch: auction, locks: [a]", "", "")).containsExactly("E-BID-03");
        assertThat(faults("", ", bid: { price: 1 }", "")).containsExactly("W-BID-01");
        assertThat(faults(", dispatch: { by: auction, reserve: 0.01 }", "", ""))
                .containsExactly("W-BID-02");
        assertThat(faults(", dispatch: auction", ", bid: { price: \"${self.idle}\" }", ""))
                .containsExactly("E-REF-03");
        assertThat(faults(", dispatch: auction", ", bid: { price: [1] }", ""))
                .containsExactly("E-SHAPE-01");
        assertThat(faults("", "", "mode: decentralised\n    ")).containsExactly("E-WORD-01");
        assertThat(file(", dispatch: auktion", "", "").faults().stream().map(Fault::help).toList())
                .containsExactly("write `auction`");
        assertThat(file(", dispatch: auction", "", "").render(false, 80)).isEmpty();
    }

    @Test
    void a_task_that_nobody_can_bid_on_is_refused_like_any_that_nobody_can_do() {
        var text =
                """
                tutti: 1
                agents: { quick: { skills: [draft], uses: simulated } }
                workflows: { letters: { tasks: { sign: { skill: sign, dispatch: auction } } } }
                """;
        assertThat(TeamFile.parse(text, "team.yaml").faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("no agent of the team"));
    }
}

package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Task;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolveTest {
    private static TeamFile parsed(String task) {
        return TeamFile.parse(
                """
                tutti: 1
                skills: { guess: { output: { answer: string } } }
                agents:
                  ann:    { skills: [guess], uses: simulated }
                  critic: { uses: simulated }
                workflows:
                  main:
                    input: { list: [int] }
                    tasks:
                      check: { skill: guess, %s }
                    output: "${check}"
                """
                        .formatted(task),
                "team.yaml");
    }

    private static Task.Each each(String task) {
        var parsed = parsed(task);
        assertThat(parsed.faults()).isEmpty();
        return Objects.requireNonNull(
                parsed.team()
                        .orElseThrow()
                        .workflow("main")
                        .orElseThrow()
                        .tasks()
                        .getFirst()
                        .flow()
                        .each());
    }

    @Test
    void replicas_are_items_with_the_same_input() {
        var each = each("replicas: 3, resolve: { by: vote, below: 0.7, then: critic, else: ask }");

        assertThat(each)
                .isEqualTo(
                        Task.Each.replicas(
                                3,
                                new Resolve(
                                        new Resolve.By.Vote(),
                                        null,
                                        0.7,
                                        List.of(
                                                new Resolve.Step.Judge(
                                                        new Task.Performer.ByAgent(
                                                                new AgentId("critic"))),
                                                new Resolve.Step.Ask()))));
        assertThat(each.of()).isEqualTo("${[1, 2, 3]}");
    }

    @Test
    void every_strategy_is_read() {
        var strategies =
                Map.of(
                        "vote", new Resolve.By.Vote(),
                        "weighted_vote", new Resolve.By.WeightedVote(),
                        "{ by: k_of_n, k: 2 }", new Resolve.By.KOfN(2),
                        "{ by: numeric, tolerance: 0.5 }", new Resolve.By.Numeric(0.5),
                        "merge", new Resolve.By.Merge(),
                        "first_good", new Resolve.By.FirstGood(),
                        "cite", new Resolve.By.Cite(),
                        "collect", new Resolve.By.Collect(),
                        "{ by: template, as: \"${size(output)}\" }",
                                new Resolve.By.Template("${size(output)}"),
                        "{ by: reduce, as: \"${output + item}\" }",
                                new Resolve.By.Reduce("${output + item}"));
        strategies.forEach((text, by) -> {
            var each = each("each: \"${input.list}\", resolve: " + text);
            assertThat(each.resolve()).isEqualTo(new Resolve(by));
        });
        assertThat(each("replicas: 2, resolve: debate").resolve())
                .isEqualTo(new Resolve(new Resolve.By.Debate(2)));
        assertThat(each("replicas: 2, resolve: { by: debate, rounds: 3 }").resolve())
                .isEqualTo(new Resolve(new Resolve.By.Debate(3)));
        assertThat(each("replicas: 2, resolve: { by: custom, then: ask }").resolve())
                .isEqualTo(
                        new Resolve(
                                new Resolve.By.Custom(), null, 0, List.of(new Resolve.Step.Ask())));
        assertThat(each("replicas: 2, resolve: { by: best_of, then: ask }").resolve())
                .isEqualTo(
                        new Resolve(
                                new Resolve.By.BestOf(), null, 0, List.of(new Resolve.Step.Ask())));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "resolve: vote|E-KEY-02|`resolve` is for several results",
                "replicas: 3, each: \"${input.list}\"|E-KEY-03|one of `each` and `replicas`",
                "replicas: 1|E-NUM-01|between 2 and 100",
                "replicas: 3, resolve: votes|E-|vote",
                "replicas: 3, resolve: k_of_n|E-KEY-02|needs `k`",
                "replicas: 3, resolve: { by: vote, then: ask }|E-KEY-02|`below`",
                "replicas: 3, resolve: { by: best_of }|E-KEY-02|`then`",
                "replicas: 3, resolve: custom|E-KEY-02|`then`",
                "replicas: 3, resolve: { by: vote, below: 2 }|E-SHAPE-01|at most 1",
                "replicas: 3, resolve: { by: vote, below: 0.5, then: nobody }|E-REF-07|no agent",
                "replicas: 3, resolve: { by: debate, rounds: 9 }|E-NUM-01|between 1 and 5",
                "each: \"${input.list}\", resolve: debate|E-KEY-03|a debate is between those",
                "replicas: 3, approve: ann|E-KEY-03|does not go with `approve`"
            })
    void what_makes_no_sense_is_said_with_the_mend(String task, String code, String words) {
        assertThat(parsed(task).faults())
                .anySatisfy(fault -> {
                    assertThat(fault.code()).startsWith(code);
                    assertThat(fault.message() + " " + fault).contains(words);
                });
    }

    @Test
    void a_debate_of_one_has_one_fault() {
        assertThat(parsed("resolve: debate").faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("E-KEY-02");
                    assertThat(fault.help()).contains("add `replicas: 3`");
                });
    }
}

package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Catalogue;
import dev.tutti.runtime.agent.Nearness;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a model is told that plans.
class PlanningTest {
    private final Trial trial = new Trial(Path.of("")).promising(Catalogue.proposal());
    private int asked;

    /// Takes the last to be the nearest.
    private final Nearness last =
            (_, texts, most) -> {
                asked++;
                return IntStream.range(0, most).map(i -> texts.size() - 1 - i).boxed().toList();
            };

    private void catalogue(int size) {
        var skills = new LinkedHashMap<String, Object>();
        for (int i = 0; i < size; i++) {
            skills.put("skill_" + i, Map.of("description", "Does " + i));
        }
        trial.input =
                (Value.Struct)
                        Value.from(
                                Map.of(
                                        "goal",
                                        "do it",
                                        "plan",
                                        List.of(Map.of("task", "a", "skill", "skill_0")),
                                        "team",
                                        Map.of(
                                                "skills",
                                                skills,
                                                "agents",
                                                Map.of(
                                                        "first",
                                                        Map.of("skills", List.of("skill_1")),
                                                        "both",
                                                        Map.of(
                                                                "skills",
                                                                List.of("skill_0", "skill_1"))))));
    }

    @Test
    void what_agents_can_take_on_is_said_in_words() {
        var told =
                Room.inWords(
                        Value.struct(
                                "capacity",
                                Value.from(
                                        Map.of(
                                                "agents",
                                                Map.of(
                                                        "slow",
                                                        Map.of(
                                                                "free",
                                                                0,
                                                                "places",
                                                                2,
                                                                "why",
                                                                "all its places are taken",
                                                                "wait",
                                                                40.0)),
                                                "quotas",
                                                Map.of("key", Map.of("slots", 3)),
                                                "node",
                                                Map.of("cpu", 1.5)))));

        assertThat(told.get("capacity"))
                .isEqualTo(
                        Value.from(
                                List.of(
                                        "Agent `slow` takes on nothing for about 40 s: all its places"
                                                + " are taken.",
                                        "Quota `key` has 3 slots left.",
                                        "The machine has 1.5 processors left.",
                                        "Who is not named here is free. Of ways that are as good,"
                                                + " take the one whose agents have room; put no"
                                                + " more side by side than there is room for.")));
        assertThat(Room.inWords(Value.Struct.EMPTY)).isEqualTo(Value.Struct.EMPTY);
    }

    @Test
    void what_is_left_of_the_budget_is_said_in_words() throws Exception {
        catalogue(1);
        trial.input =
                trial.input.with(
                        "budget",
                        Value.struct("usd", new Value.Real(0.42))
                                .with("tokens", Value.of(1_200))
                                .with("seconds", new Value.Real(95.2))
                                .with("attempts", Value.of(7))
                                .with("tasks", Value.of(5))
                                .with("runs", Value.of(0)));
        assertThat(Planning.told(trial.attempt()).text("budget"))
                .startsWith(
                        "Of the budget of the run there are left: $0.42, 1200 tokens, 95 s, 7"
                                + " attempts, 5 tasks, 0 runs within. A plan that takes more");
    }

    private static Value.Struct at(Value.Struct from, String... keys) {
        var found = from;
        for (var key : keys) {
            found = (Value.Struct) found.fields().getOrDefault(key, Value.Struct.EMPTY);
        }
        return found;
    }

    @Test
    void a_catalogue_that_is_not_large_is_told_whole() throws Exception {
        catalogue(Planning.LARGE);
        assertThat(Planning.told(trial.attempt(), last)).isEqualTo(trial.input);
        assertThat(asked).isZero();
        assertThat(trial.record).isEmpty();
    }

    @Test
    void of_a_large_catalogue_what_is_near_and_what_is_in_the_plan_is_told() throws Exception {
        catalogue(Planning.LARGE + 1);
        var told = Planning.told(trial.attempt(), last);
        var names = at(told, "team", "skills").fields().keySet();
        assertThat(names).hasSize(Planning.KEPT + 1).contains("skill_0", "skill_60", "skill_31");
        assertThat(names).doesNotContain("skill_1", "skill_30");
        assertThat(at(told, "team", "agents").fields())
                .containsOnlyKeys("both")
                .containsEntry("both", Value.struct("skills", Value.from(List.of("skill_0"))));
        assertThat(at(told, "team").get("skills_left_out"))
                .isEqualTo(Value.of(Planning.LARGE - Planning.KEPT));
    }

    @Test
    void what_was_told_once_is_told_again_whoever_is_near_now() throws Exception {
        catalogue(Planning.LARGE + 1);
        var told = Planning.told(trial.attempt(), last);
        assertThat(Planning.told(trial.attempt(), (_, _, _) -> List.of(1))).isEqualTo(told);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void where_nobody_can_say_what_is_near_all_is_told() throws Exception {
        catalogue(Planning.LARGE + 1);
        assertThat(
                        Planning.told(
                                trial.attempt(),
                                (_, _, _) -> {
                                    throw new IllegalStateException("no native code here");
                                }))
                .isEqualTo(trial.input);
    }
}

package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.view.Overview;
import dev.tutti.view.RunDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Money that is not all of it says so.
@Timeout(30)
class UnpricedTest {

    private static Map<String, ?> model(Map<String, ?> more) {
        var reply = Map.of("text", "done", "usage", Map.of("input", 100, "output", 10));
        var model = new HashMap<String, Object>(more);
        model.put("provider", "scripted");
        model.put("replies", List.of(reply));
        return model;
    }

    @Test
    void a_run_with_calls_of_a_model_without_a_price_says_so_beside_the_money_and_others_do_not()
            throws Exception {
        var team =
                Team.define()
                        .model("priced", model(Map.of("price", Map.of("input", 1, "output", 1))))
                        .model("free", model(Map.of()))
                        .agent("a", List.of("a"), "llm", Map.of("model", "priced"))
                        .agent("b", List.of("b"), "llm", Map.of("model", "free"))
                        .workflow("one", w -> w.task("a", "a", Map.of()).output("${a}"))
                        .workflow(
                                "both",
                                w ->
                                        w.task("a", "a", Map.of())
                                                .task("b", "b", Map.of())
                                                .output("${b}"));
        try (var tutti = Tutti.inMemory()) {
            var one = document(tutti, team, "one");
            assertThat(cost(one).get("unpriced")).isNull();
            var both = document(tutti, team, "both");
            assertThat(cost(both).get("unpriced")).isEqualTo(Value.of(true));
            assertThat(cost(task(both, "a")).get("unpriced")).isNull();
            assertThat(cost(task(both, "b")).get("unpriced")).isEqualTo(Value.of(true));
        }
    }

    private static Value.Struct document(Tutti tutti, Team team, String workflow) throws Exception {
        var run = tutti.submit(team.goal(workflow, Map.of()));
        run.await();
        var overview = Overview.of(run.id());
        try (var reader = tutti.reader()) {
            overview.readOn(reader);
        }
        return RunDocument.of(overview, tutti.team(run));
    }

    private static Value.Struct cost(Value.Struct document) {
        return (Value.Struct) document.fields().getOrDefault("cost", Value.Struct.EMPTY);
    }

    private static Value.Struct task(Value.Struct document, String name) {
        var tasks = (Value.Struct) document.fields().getOrDefault("tasks", Value.Struct.EMPTY);
        return (Value.Struct) tasks.fields().getOrDefault(name, Value.Struct.EMPTY);
    }
}

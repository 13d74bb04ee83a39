package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.Sharing.Write;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.history.Lineage;
import dev.tutti.core.history.Lineage.How;
import dev.tutti.core.history.Moment;
import dev.tutti.core.history.Piece;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a result rests on, read off the events of its run.
class LineageTest {
    private static final RunId RUN = new RunId("R1");
    private final RunFixture run = new RunFixture();
    private final Map<RunId, List<Event>> others = new LinkedHashMap<>();
    private final Map<Long, List<Lineage.Taken>> steps = new LinkedHashMap<>();

    private static Value.Struct in(String... namesAndTemplates) {
        var input = Value.Struct.EMPTY;
        for (int i = 0; i < namesAndTemplates.length; i += 2) {
            input = input.with(namesAndTemplates[i], Value.text(namesAndTemplates[i + 1]));
        }
        return input;
    }

    private static Task task(String name, Value.Struct input, String... dependencies) {
        return RunFixture.with(RunFixture.task(name, dependencies), input);
    }

    private static Value v(long number) {
        return Value.struct("v", Value.of(number));
    }

    private final class Journals implements Lineage.Journals {
        @Override
        public List<Moment> run(RunId id) {
            var moments = new ArrayList<Moment>();
            for (var event : id.equals(RUN) ? run.journal : others.getOrDefault(id, List.of())) {
                moments.add(new Moment(moments.size() + 1L, run.now, event));
            }
            return moments;
        }

        @Override
        public List<Lineage.Taken> steps(RunId id, long since) {
            return id.equals(RUN) ? steps.getOrDefault(since, List.of()) : List.of();
        }
    }

    private Lineage of(RunId id, @Nullable String task, int most) {
        return Lineage.of(
                        new Journals(),
                        id,
                        task == null ? null : TaskId.parse(task),
                        new Expressions(),
                        most)
                .orElseThrow();
    }

    private Lineage of(@Nullable String task) {
        return of(RUN, task, Lineage.MOST_PIECES);
    }

    private static List<String> ids(Lineage lineage) {
        return lineage.pieces().stream()
                .map(piece ->
                        (piece.run().equals(RUN) ? "" : piece.run() + "/")
                                + piece.id()
                                        .replaceAll("@\\d+$", "")
                                        .replaceFirst("(note:[^@]*)@", "$1@"))
                .toList();
    }

    private static List<How> hows(Lineage lineage, String from, String on) {
        return lineage.edges().stream()
                .filter(edge -> edge.piece().id().startsWith(from + "@"))
                .filter(edge -> edge.on().id().startsWith(on))
                .map(Lineage.Edge::how)
                .toList();
    }

    private static @Nullable Trust trust(Lineage lineage, String id) {
        return lineage.trust().entrySet().stream()
                .filter(entry -> entry.getKey().id().startsWith(id))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Test
    void a_diamond_is_told_once_and_what_only_came_first_is_not() {
        run.start(
                        Value.struct("x", Value.of(1), "unused", Value.of(2)),
                        Value.text("${end}"),
                        task("a", in("x", "${input.x}")),
                        task("left", in("v", "${a.v}"), "a"),
                        task("right", in("v", "${a.v}"), "a"),
                        task("beside", Value.Struct.EMPTY),
                        task(
                                "end",
                                in("l", "${left.v}", "r", "${right.v}"),
                                "left",
                                "right",
                                "beside"))
                .dispatchAll();
        run.succeed("a", v(1)).succeed("beside", v(2)).dispatchAll();
        run.succeed("left", v(3)).succeed("right", v(4)).dispatchAll();
        run.succeed("end", v(5));

        assertThat(ids(of(null)))
                .containsExactly(
                        "output", "task:end", "task:left", "task:right", "task:a", "input:x");
        assertThat(of(null).edges()).hasSize(6);
        assertThat(ids(of("left"))).containsExactly("task:left", "task:a", "input:x");
        var forward =
                Lineage.usedBy(
                                new Journals(),
                                RUN,
                                TaskId.of("left"),
                                new Expressions(),
                                Lineage.MOST_PIECES)
                        .orElseThrow();
        assertThat(ids(forward)).containsExactly("task:left", "task:end", "output");
    }

    @Test
    void an_index_leads_to_one_item_and_the_item_to_its_place_in_the_list() {
        run.start(
                        Value.text("${read}"),
                        task("find", Value.Struct.EMPTY),
                        RunFixture.each(task("read", in("t", "${item}"), "find"), "${find.all}"),
                        task("one", in("first", "${read[1].v}"), "read"))
                .dispatchAll();
        run.succeed("find", Value.struct("all", Value.array(Value.of(7), Value.of(8))));
        run.dispatchAll().succeed("read[1]", v(1)).succeed("read[0]", v(0)).dispatchAll();
        run.succeed("one", v(2));

        var one = of("one");
        assertThat(ids(one)).containsExactly("task:one", "task:read[1]", "task:find");
        assertThat(one.edges().getLast().how()).isEqualTo(How.ITEM);
        assertThat(one.edges().getLast().place()).isEqualTo("find.all[1]");
        assertThat(ids(of("read")))
                .containsExactly("list:read", "task:read[0]", "task:read[1]", "task:find");
    }

    @Test
    void a_task_that_is_done_anew_rests_on_what_was_there_then() {
        run.start(
                        Value.text("${b}"),
                        task("a", Value.Struct.EMPTY),
                        task("b", in("v", "${a.v}"), "a"),
                        task("last", Value.Struct.EMPTY, "b"))
                .dispatchAll();
        run.succeed("a", v(1)).dispatchAll().succeed("b", v(2)).dispatchAll();
        var before = of("b").edges().getFirst().on().at();
        run.send(new Command.Intervene(new Verb.Retry(TaskId.of("a"), false), "stale", 0));
        run.dispatchAll().succeed("a", v(3)).dispatchAll().succeed("b", v(4));

        var again = of("b");
        assertThat(again.edges()).hasSize(1);
        assertThat(again.edges().getFirst().on().at()).isGreaterThan(before);
    }

    @Test
    void notes_lead_to_their_writers_and_carry_how_far_they_are_trusted() {
        var adds = new Write("seen", Value.text("${[output.v]}"), Reducer.APPEND);
        run.start(
                        Value.text("${notes.seen}"),
                        task("a", Value.Struct.EMPTY)
                                .with(new Sharing(List.of(adds), List.of(), true)),
                        task("b", Value.Struct.EMPTY, "a")
                                .with(new Sharing(List.of(adds), List.of(), false)),
                        task("c", Value.Struct.EMPTY, "b")
                                .with(new Sharing(List.of(), List.of("seen"), false)))
                .dispatchAll();
        run.succeed("a", v(1)).dispatchAll().succeed("b", v(2)).dispatchAll().succeed("c", v(3));

        var shown = of("c");
        assertThat(ids(shown))
                .containsExactly("task:c", "note:seen", "task:b", "note:seen", "task:a");
        assertThat(hows(shown, "note:seen", "note:seen")).containsExactly(How.KEPT);
        assertThat(trust(shown, "task:c")).isEqualTo(Trust.OUTSIDE);
        assertThat(trust(shown, "task:b")).isEqualTo(Trust.AGENT);
        assertThat(ids(of(null))).startsWith("output", "note:seen");
    }

    @Test
    void a_look_that_passed_and_one_that_did_not_are_told_apart() {
        var verify =
                new Task.Verify(new Performer.ByAgent(new AgentId("judge")), null, Task.Verify.OK);
        var first = task("a", Value.Struct.EMPTY);
        run.start(
                        Value.text("${a}"),
                        first.with(first.policy().with(new Task.Gate(List.of(), verify))))
                .dispatchAll();
        run.succeed("a", v(1)).dispatchAll();
        run.succeed("a", Value.struct("ok", Value.of(false), "reason", Value.text("too short")));
        run.pass(java.time.Duration.ofSeconds(9)).dispatchAll();
        run.succeed("a", v(2)).dispatchAll();
        run.succeed("a", Value.struct("ok", Value.of(true)));

        var lineage = of("a");
        assertThat(ids(lineage)).containsExactly("task:a", "refused:a", "passed:a");
        assertThat(lineage.pieces().getFirst())
                .isInstanceOfSatisfying(
                        Piece.Result.class,
                        result -> assertThat(result.agent()).isEqualTo(RunFixture.AGENT));
        assertThat(lineage.pieces().getLast())
                .isInstanceOfSatisfying(
                        Piece.Turn.class,
                        look -> assertThat(look.agent()).isEqualTo(new AgentId("judge")));
    }

    @Test
    void what_came_with_a_message_is_outside_however_often_it_was_handed_on() {
        var await =
                new Task(
                        "order",
                        new Performer.ByMessage("order", null, null, false, null, null),
                        Value.Struct.EMPTY,
                        List.of());
        run.start(Value.text("${b}"), await, task("b", in("v", "${order.message.v}"), "order"));
        run.send(new Command.Deliver("m1", "order", v(1)));
        run.dispatchAll().succeed("b", v(2));

        var lineage = of(null);
        assertThat(ids(lineage)).containsExactly("output", "task:b", "task:order", "message:m1");
        assertThat(trust(lineage, "output")).isEqualTo(Trust.OUTSIDE);
    }

    @Test
    void a_run_within_is_gone_into_and_its_inputs_lead_back_out() {
        var inner = new Workflow("inner", Type.Struct.OPEN, List.of(), Value.text("${deep}"));
        run.team = new Team(List.of(), List.of(RunFixture.agent("worker")), List.of(inner));
        var part =
                new Task(
                        "part",
                        new Performer.ByWorkflow("inner"),
                        in("q", "${a.v}", "other", "${input.x}"),
                        List.of("a"));
        run.start(
                        Value.struct("x", Value.of(1)),
                        Value.text("${part}"),
                        task("a", Value.Struct.EMPTY),
                        part)
                .dispatchAll();
        run.succeed("a", v(1));
        run.send(new Command.Dispatch(List.of(new Offer(TaskId.of("part"), null, List.of()))));
        var begun = run.all(Event.ChildStarted.class).getFirst();
        var child = new RunFixture();
        child.send(
                new Command.Start(
                        begun.child(),
                        "inner",
                        "team",
                        begun.inputs(),
                        List.of(task("deep", in("q", "${input.q}"))),
                        Value.text("${deep}"),
                        "ana",
                        Task.Remedy.ASK,
                        new Origin.Child(RUN, begun.token(), 1),
                        null,
                        Budget.NONE,
                        Mode.PLANNED,
                        List.of()));
        child.dispatchAll().succeed("deep", v(2));
        others.put(begun.child(), child.journal);
        run.succeed("part", v(2));

        var within = begun.child() + "/";
        assertThat(ids(of(null)))
                .containsExactly(
                        "output",
                        "task:part",
                        "task:a",
                        "input:x",
                        within + "output",
                        within + "task:deep",
                        within + "input:q");
        var up = of(begun.child(), "deep", Lineage.MOST_PIECES);
        assertThat(ids(up)).containsExactly(within + "task:deep", within + "input:q", "task:a");
        assertThat(up.edges().getLast().how()).isEqualTo(How.GIVEN);
    }

    @Test
    void calls_and_what_was_stored_belong_to_the_attempt_that_gave_the_result() {
        run.start(Value.text("${a}"), task("a", Value.Struct.EMPTY)).dispatchAll();
        long token = run.token("a");
        steps.put(token, List.of(new Lineage.Taken(1, "model", "small", Usage.NONE)));
        var stored = new Event.ArtifactStored(TaskId.of("a"), "c0ffee", 3, "text/plain", "x.txt");
        run.send(new Command.Finish(token, Outcome.succeeded(v(1)), List.of(stored, stored)));

        assertThat(ids(of("a")))
                .containsExactly("task:a", "artifact:c0ffee", "call:" + token + "/1");
    }

    @Test
    void what_is_too_much_is_cut_where_it_is_furthest() {
        run.start(
                        Value.text("${b}"),
                        task("a", Value.Struct.EMPTY),
                        task("b", in("v", "${a.v}"), "a"))
                .dispatchAll();
        run.succeed("a", v(1)).dispatchAll();

        assertThat(ids(of("b"))).containsExactly("at_work:b", "task:a");
        run.succeed("b", v(2));
        var cut = of(RUN, null, 2);
        assertThat(ids(cut)).containsExactly("output", "task:b");
        assertThat(cut.cut()).isTrue();
        assertThat(of(null).cut()).isFalse();
    }
}

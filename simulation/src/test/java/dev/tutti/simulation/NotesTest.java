package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.Sharing.Write;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Context;
import dev.tutti.core.memory.Note;
import dev.tutti.core.run.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Notes of whole runs: branches that write the same ones while processes come and go.
class NotesTest {
    private static final int BRANCHES = 64;
    private static final Reducer SUM =
            new Reducer.Computed("${current == null ? new : current + new}");

    private static Sharing everything(String name) {
        var n = Value.text("${output.n}");
        return new Sharing(
                List.of(
                        new Write("log", n, Reducer.APPEND),
                        new Write("most", n, Reducer.MAX),
                        new Write("all", Value.struct(name, n), Reducer.MERGE),
                        new Write("sum", n, SUM),
                        new Write("latest", n),
                        new Write(name + ".own", n)),
                List.of(),
                false);
    }

    private static int n(String name) {
        return Math.floorMod(name.hashCode() * 31, 1_000);
    }

    private static Value says(Action.Perform attempt) {
        return Value.struct("n", Value.of(n(attempt.task().toString())));
    }

    private static Scene branches(SplittableRandom dice, Task... tasks) {
        var scene = new Scene().team(Scene.agent("worker", 100));
        for (var task : tasks) {
            scene.when(
                    task.name(),
                    attempt ->
                            new OneThread.Work(
                                    Duration.ofMillis(1 + dice.nextInt(400)),
                                    Outcome.succeeded(says(attempt)),
                                    List.of()));
        }
        return scene.workflow("main", Value.text("${notes_are_read.seen}"), all(tasks));
    }

    private static Task[] all(Task... tasks) {
        var names = new ArrayList<String>();
        for (var task : tasks) {
            names.add(task.name());
        }
        var reader =
                new Task(
                        "notes_are_read",
                        new Task.Performer.BySkill(Scene.WORK),
                        Value.struct("seen", Value.text("${notes.log}")),
                        names);
        var all = new ArrayList<>(List.of(tasks));
        all.add(reader);
        return all.toArray(Task[]::new);
    }

    /// Kills the process at a time of chance, as often as said, and lets the run end.
    private static void live(Scene scene, SplittableRandom dice, int kills) {
        scene.start();
        for (int i = 0; i < kills; i++) {
            scene.pass(Duration.ofMillis(20 + dice.nextInt(150)));
            scene.restart();
        }
        scene.succeeds();
    }

    private static Map<String, Value> notes(Scene scene) {
        var values = new LinkedHashMap<String, Value>();
        scene.state().notes().byKey().forEach((key, note) -> values.put(key, note.value()));
        return values;
    }

    @Test
    void branches_that_write_the_same_notes_leave_them_the_same_whatever_crashes_when() {
        var tasks =
                IntStream.range(0, BRANCHES)
                        .mapToObj(i -> Scene.task("b" + i).with(everything("b" + i)))
                        .toArray(Task[]::new);
        long retried = 0;
        var orders = new ArrayList<List<String>>();
        Map<String, Value> first = Map.of();
        for (long seed = 0; seed < 8; seed++) {
            var dice = new SplittableRandom(seed);
            var scene = branches(dice, tasks);
            live(scene, dice, (int) seed % 4);

            var notes = notes(scene);
            assertThat(note(scene, "log").version()).isEqualTo(BRANCHES);
            assertThat(note(scene, "latest").latest().task().toString())
                    .isEqualTo(scene.finished().get(BRANCHES - 1));
            notes.remove("latest");
            first = first.isEmpty() ? notes : first;
            assertThat(notes).as("seed %d", seed).isEqualTo(first);
            retried += scene.all(Event.AttemptEnded.class).size();
            orders.add(scene.finished());
        }
        var sum = IntStream.range(0, BRANCHES).map(i -> n("b" + i)).sum();
        assertThat(first).containsEntry("sum", Value.of(sum));
        assertThat(first.get("log"))
                .isEqualTo(
                        new Value.Array(
                                IntStream.range(0, BRANCHES)
                                        .<Value>mapToObj(i -> Value.of(n("b" + i)))
                                        .toList()));
        assertThat(retried).as("attempts lost to crashes").isPositive();
        assertThat(orders.stream().distinct().count()).as("orders of results").isGreaterThan(4);
    }

    @Test
    void the_items_of_a_fan_out_append_in_their_order_whatever_the_order_of_their_results() {
        var task = Scene.task("read");
        var items = task.with(task.flow().with(new Task.Each(list(BRANCHES))));
        for (long seed = 0; seed < 4; seed++) {
            var dice = new SplittableRandom(seed);
            var scene = branches(dice, items.with(everything("read")));
            live(scene, dice, 2);

            assertThat(note(scene, "log").value())
                    .isEqualTo(
                            new Value.Array(
                                    IntStream.range(0, BRANCHES)
                                            .<Value>mapToObj(i -> Value.of(n("read[" + i + "]")))
                                            .toList()));
        }
    }

    private static String list(int size) {
        return "${["
                + String.join(", ", IntStream.range(0, size).mapToObj(i -> "" + i).toList())
                + "]}";
    }

    @Test
    void a_note_says_who_wrote_it_and_on_what_it_rests() {
        var first = Scene.task("first").with(writes("first.plan", "${output.task}"));
        var second =
                Scene.with(
                                Scene.task("second", "first"),
                                Value.struct("p", text("${notes.first.plan}")))
                        .with(writes("second.answer", "${output.p}"));
        var scene = new Scene().workflow("main", text("${notes.second.answer}"), first, second);
        scene.start().succeeds();

        assertThat(scene.output()).isEqualTo(text("first"));
        var read = scene.all(Event.NoteRead.class);
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().notes()).containsExactly(new NoteRef("first.plan", 1));
        var note = note(scene, "second.answer");
        assertThat(note.owner()).isEqualTo("second");
        assertThat(note.latest().read()).containsExactly(new NoteRef("first.plan", 1));
        assertThat(note.trust()).isEqualTo(Provenance.Trust.AGENT);
    }

    @Test
    void what_rests_on_something_from_outside_is_from_outside() {
        var news = Scene.await("news", "news").with(writes("news.text", "${output.message}"));
        var reader =
                Scene.with(
                                Scene.task("reader", "news"),
                                Value.struct("t", text("${notes.news.text}")))
                        .with(writes("reader.text", "${output.t}"));
        var scene = new Scene().workflow("main", Value.NULL, news, reader).start().settle();
        scene.send("news", text("hello")).succeeds();

        assertThat(note(scene, "news.text").trust()).isEqualTo(Provenance.Trust.OUTSIDE);
        assertThat(note(scene, "reader.text").trust()).isEqualTo(Provenance.Trust.OUTSIDE);
    }

    @Test
    void an_attempt_is_given_the_notes_that_its_task_asks_for_and_no_others() {
        var given = new ArrayList<List<String>>();
        var one = Scene.task("one").with(writes("one.a", "${output.task}"));
        var two = Scene.task("two").with(writes("two.b", "${output.task}"));
        var reader =
                Scene.task("reader", "one", "two")
                        .with(new Sharing(List.of(), List.of("one.*"), false));
        var scene =
                new Scene()
                        .workflow("main", Value.NULL, one, two, reader)
                        .when(
                                "reader",
                                attempt -> {
                                    given.add(
                                            attempt.notes().stream()
                                                    .map(Context.Shown::key)
                                                    .toList());
                                    return Scene.done(attempt, Duration.ofMillis(50));
                                });
        scene.start().pass(Duration.ofMillis(30)).restart().succeeds();

        assertThat(given).containsOnly(List.of("one.a")).hasSizeGreaterThan(1);
        var reads = scene.all(Event.NoteRead.class);
        assertThat(reads.getFirst().notes()).containsExactly(new NoteRef("one.a", 1));
        assertThat(scene.all(Event.Assigned.class))
                .anyMatch(assigned -> assigned.token() == reads.getFirst().token());
    }

    @Test
    void an_attempt_is_given_no_more_than_its_task_has_room_for_and_the_next_the_same() {
        var given = new ArrayList<Value.Struct>();
        var filler = "Nothing of this is to the point. ".repeat(20);
        var writer =
                Scene.task("writer")
                        .with(
                                new Sharing(
                                        List.of(
                                                new Write("writer.a", text(filler)),
                                                new Write(
                                                        "writer.b",
                                                        text(filler + "The reader is old. "))),
                                        List.of(),
                                        false));
        var reader =
                Scene.task("reader", "writer")
                        .with(new Sharing(List.of(), List.of("writer.*"), false, 60));
        var scene =
                new Scene()
                        .workflow("main", Value.NULL, writer, reader)
                        .when(
                                "reader",
                                attempt -> {
                                    given.add(attempt.given());
                                    return Scene.done(attempt, Duration.ofMillis(50));
                                });
        scene.start().pass(Duration.ofMillis(30)).restart().succeeds();

        assertThat(new HashSet<>(given)).hasSize(1);
        assertThat(given).hasSizeGreaterThan(1);
        assertThat(Context.tokens(given.getFirst())).isLessThanOrEqualTo(60);
        var told = scene.all(Event.ContextAssembled.class).getFirst();
        assertThat(told.used()).isEqualTo(Context.tokens(given.getFirst()));
        assertThat(told.parts())
                .extracting(part -> part.label() + " " + part.fate().word())
                .contains("input whole");
    }

    @Test
    void what_cannot_be_made_to_fit_fails_the_task_and_says_what_to_do() {
        var narrow =
                Task.of("narrow", Scene.WORK, Value.struct("one", Value.of(1), "two", Value.of(2)))
                        .with(new Sharing(List.of(), List.of(), false, 10));
        var scene = new Scene().workflow("main", Value.NULL, narrow);
        scene.start().ends(Status.FAILED);

        assertThat(scene.failure().toString()).contains("limit_exceeded", "10 tokens");
    }

    @Test
    void a_result_that_expects_another_version_is_refused_and_the_next_attempt_told_why() {
        var told = new ArrayList<String>();
        var absent = new Write("key", text("${output.task}"), Reducer.LAST, Write.ABSENT);
        var slow = Scene.task("slow").with(new Sharing(List.of(absent), List.of(), false));
        var fast = Scene.task("fast").with(writes("key", "${output.task}"));
        var once = new Task.Retry(2, Duration.ofMillis(1), Duration.ofMillis(1));
        var scene =
                new Scene()
                        .workflow(
                                "main",
                                Value.NULL,
                                slow.with(slow.policy().with(once).withLadder(Task.Remedy.SKIP)),
                                fast)
                        .when(
                                "slow",
                                attempt -> {
                                    told.add(String.valueOf(attempt.feedback()));
                                    return Scene.done(attempt, Duration.ofMillis(100));
                                });
        scene.start().succeeds();

        assertThat(scene.skipped()).containsExactly("slow");
        assertThat(told.getLast()).contains("note `key` is at version 1 by `fast`");
        assertThat(note(scene, "key").value()).isEqualTo(text("fast"));
    }

    private static Sharing writes(String key, String value) {
        return new Sharing(List.of(new Write(key, text(value))), List.of(), false);
    }

    private static Value text(String text) {
        return Value.text(text);
    }

    private static Note note(Scene scene, String key) {
        var note = scene.state().notes().of(key);
        if (note == null) {
            throw new AssertionError("there is no note " + key);
        }
        return note;
    }
}

package dev.tutti.core.plan;

import static dev.tutti.core.event.Value.struct;
import static dev.tutti.core.event.Value.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanCheckTest {
    private static final Expressions EXPRESSIONS = new Expressions();

    private static final Type.Struct INPUT =
            object("question", Type.Scalar.STRING, "k", Type.Scalar.INT);

    private static final List<Skill> SKILLS =
            List.of(
                    new Skill(
                            new SkillId("retrieve"),
                            object("query", Type.Scalar.STRING),
                            object(
                                    "passages",
                                    new Type.ListOf(object("text", Type.Scalar.STRING)))),
                    new Skill(
                            new SkillId("summarize"),
                            object("text", Type.Scalar.STRING),
                            object("note", Type.Scalar.STRING)),
                    new Skill(
                            new SkillId("compose"),
                            object("notes", new Type.ListOf(Type.Struct.OPEN)),
                            object("text", Type.Scalar.STRING)));

    private static final List<Agent> AGENTS =
            List.of(
                    agent("librarian", "retrieve"),
                    agent("reader", "summarize", "free"),
                    agent("writer", "compose"));

    private static Type.Struct object(Object... namesAndTypes) {
        var fields = new LinkedHashMap<String, Type.Field>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.put((String) namesAndTypes[i], Type.Field.required((Type) namesAndTypes[i + 1]));
        }
        return new Type.Struct(fields, false);
    }

    private static Agent agent(String name, String... skills) {
        return new Agent(
                new AgentId(name),
                List.of(skills).stream().map(SkillId::new).toList(),
                "simulated",
                Value.Struct.EMPTY,
                Agent.Limits.DEFAULT);
    }

    /// A task as the team file would give it.
    private static Task task(
            String name,
            String skill,
            Value.Struct input,
            @Nullable String when,
            @Nullable String each,
            String... after) {
        var performer = new Task.Performer.BySkill(new SkillId(skill));
        var once = Task.Flow.ONCE.withWhen(when);
        var flow = each == null ? once : once.with(new Task.Each(each));
        var dependencies =
                Dependencies.of(
                        EXPRESSIONS,
                        performer,
                        input,
                        flow,
                        Task.Policy.DEFAULT,
                        null,
                        List.of(after));
        return new Task(name, performer, input, dependencies).with(flow);
    }

    private static Task free(String name, String... after) {
        return task(name, "free", Value.Struct.EMPTY, null, null, after);
    }

    private static List<Fault> check(Value output, Task... tasks) {
        return PlanCheck.check(
                EXPRESSIONS,
                new PlanCheck.Plan(
                        "answer", INPUT, List.of(tasks), output, SKILLS, AGENTS, Map.of()));
    }

    private static List<Fault> check(Task... tasks) {
        return check(Value.NULL, tasks);
    }

    private static final Task SEARCH =
            task("search", "retrieve", struct("query", text("${input.question}")), null, null);
    private static final Task READ =
            task(
                    "read",
                    "summarize",
                    struct("text", text("${item.text}")),
                    "${size(search.passages) > 0}",
                    "${search.passages}");
    private static final Task WRITE =
            task("write", "compose", struct("notes", text("${read}")), null, null);

    @Test
    void a_sound_plan_has_no_faults_and_its_dependencies_are_found() {
        assertThat(check(text("${write.text}: ${read[0].note}"), SEARCH, READ, WRITE)).isEmpty();
        assertThat(READ.dependencies()).containsExactly("search");
        assertThat(WRITE.dependencies()).containsExactly("read");
    }

    @Test
    void cycles_are_listed() {
        assertThat(check(free("a", "c"), free("b", "a"), free("c", "b")))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("E-PLAN-01");
                    assertThat(fault.message())
                            .isEqualTo("these tasks wait for each other: a -> c -> b -> a");
                    assertThat(fault.at()).containsExactly("tasks", "a", "after", "c");
                });
        var self = task("read", "free", struct("text", text("see ${read.note}")), null, null);
        assertThat(check(self))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.message()).isEqualTo("task `read` waits for itself");
                    assertThat(fault.at()).containsExactly("tasks", "read", "input");
                });
        assertThat(check(free("a", "b"), free("b", "a"), free("x", "y"), free("y", "x")))
                .hasSize(2);
    }

    @Test
    void a_chain_of_ten_thousand_tasks_is_checked_quickly() {
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < PlanCheck.MOST_TASKS; i++) {
            var before = i + 1 < PlanCheck.MOST_TASKS ? "t" + (i + 1) + "x" : null;
            tasks.add(
                    before == null
                            ? free("t" + i + "x")
                            : task(
                                    "t" + i + "x",
                                    "free",
                                    struct("v", text("${" + before + ".v}")),
                                    null,
                                    null));
        }
        // The quickest of some: what else the machine does is not measured.
        var quickest = Duration.ofDays(1);
        for (int i = 0; i < 4; i++) {
            long start = System.nanoTime();
            var faults = check(tasks.toArray(Task[]::new));
            var took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(faults.stream().filter(fault -> !fault.isWarning())).isEmpty();
            quickest = took.compareTo(quickest) < 0 ? took : quickest;
        }
        System.out.println("10,000 tasks in a chain checked in " + quickest.toMillis() + " ms");
        assertThat(quickest).isLessThan(Duration.ofSeconds(1));

        tasks.add(free("one_more"));
        assertThat(check(tasks.toArray(Task[]::new)))
                .singleElement()
                .satisfies(fault -> assertThat(fault.code()).isEqualTo("E-PLAN-03"));
    }

    @Test
    void a_long_cycle_and_a_dead_chain_take_no_deep_stack() {
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < 10_000; i++) {
            tasks.add(free("t" + i + "x", "t" + ((i + 1) % 10_000) + "x"));
        }
        assertThat(check(tasks.toArray(Task[]::new)).getFirst().message())
                .startsWith("these tasks wait for each other: t0x -> t1x")
                .endsWith("more … -> t0x");

        tasks.set(9_999, task("t9999x", "free", Value.Struct.EMPTY, "${1 > 2}", null));
        assertThat(
                        check(tasks.toArray(Task[]::new)).stream()
                                .filter(f -> f.code().equals("W-PLAN-02")))
                .hasSizeGreaterThan(900);
    }

    @Test
    void unknown_tasks_come_with_a_mend() {
        var read = task("read", "free", Value.Struct.EMPTY, null, "${serach.passages}", "writ");
        assertThat(check(SEARCH, read, WRITE))
                .anySatisfy(fault -> {
                    assertThat(fault.code()).isEqualTo("E-REF-02");
                    assertThat(fault.message())
                            .isEqualTo("`serach` is not a task of workflow `answer`");
                    assertThat(fault.at()).containsExactly("tasks", "read", "each");
                    assertThat(fault.span()).isEqualTo(new Fault.Span(2, 8));
                    assertThat(fault.help()).isEqualTo("write `search`");
                })
                .anySatisfy(fault -> {
                    assertThat(fault.at()).containsExactly("tasks", "read", "after", "writ");
                    assertThat(fault.help()).isEqualTo("write `write`");
                });
    }

    @Test
    void unknown_skills_and_agents_come_with_a_mend() {
        var byAgent =
                new Task(
                        "b",
                        new Task.Performer.ByAgent(new AgentId("raeder")),
                        Value.Struct.EMPTY,
                        List.of());
        assertThat(check(task("a", "retreive", Value.Struct.EMPTY, null, null), byAgent))
                .extracting(Fault::message, Fault::help)
                .containsExactly(
                        tuple("no agent of the team has skill `retreive`", "write `retrieve`"),
                        tuple("the team has no agent `raeder`", "write `reader`"));
    }

    @Test
    void types_are_held_against_the_skill() {
        var faults =
                check(
                        task("search", "retrieve", struct("query", text("${input.k}")), null, null),
                        task("a", "retrieve", struct("qury", text("x")), null, null),
                        task(
                                "b",
                                "compose",
                                struct("notes", text("${search.passages[0].text}")),
                                null,
                                null),
                        task("c", "retrieve", struct("query", Value.of(3)), null, null));
        assertThat(faults)
                .extracting(Fault::code, Fault::message, fault -> String.join(".", fault.at()))
                .containsExactly(
                        tuple(
                                "E-CEL-04",
                                "this is a whole number, but skill `retrieve` needs a string as `query`",
                                "tasks.search.input.query"),
                        tuple(
                                "E-TYPE-03",
                                "skill `retrieve` takes no `qury` (takes: query)",
                                "tasks.a.input.qury"),
                        tuple(
                                "E-TYPE-02",
                                "skill `retrieve` needs `query`, a string",
                                "tasks.a.input"),
                        tuple(
                                "E-CEL-04",
                                "this is a string, but skill `compose` needs a list of objects as `notes`",
                                "tasks.b.input.notes"),
                        tuple(
                                "E-TYPE-01",
                                "this is a whole number, but skill `retrieve` needs a string as `query`",
                                "tasks.c.input.query"));
        assertThat(faults.getFirst().label()).isEqualTo("whole number, from `input.k`");
    }

    @Test
    void each_takes_a_list_and_when_a_condition() {
        assertThat(
                        check(
                                task(
                                        "a",
                                        "free",
                                        Value.Struct.EMPTY,
                                        "${input.k}",
                                        "${input.question}"),
                                task("b", "free", Value.Struct.EMPTY, "input.k > 3", null)))
                .extracting(Fault::message)
                .containsExactly(
                        "this is a whole number, but `when` needs true or false",
                        "this is a string, but `each` needs a list",
                        "this is a string, but `when` needs true or false");
    }

    @Test
    void fields_of_outputs_are_known() {
        assertThat(
                        check(
                                text(
                                        "${search.pasages} ${read.note} ${item} ${secret.KEY} ${input.q}"),
                                SEARCH,
                                READ))
                .extracting(Fault::code, Fault::message)
                .containsExactly(
                        tuple(
                                "E-REF-05",
                                "`item` is known only within a task with `each`, for one item at a time"),
                        tuple(
                                "E-REF-08",
                                "`secret` is not known here; `env` and `secret` are for the `with` of agents"),
                        tuple("E-REF-03", "`search` has no field `pasages` (has: passages)"),
                        tuple("E-REF-03", "`read` is a list, not an object"),
                        tuple("E-REF-03", "`input` has no field `q` (has: question, k)"));
    }

    @Test
    void a_task_that_never_runs_takes_its_followers_with_it() {
        var off = task("off", "free", Value.Struct.EMPTY, "${false}", null);
        assertThat(
                        check(
                                off,
                                free("on"),
                                free("after_off", "off"),
                                free("after_both", "off", "on")))
                .extracting(Fault::message)
                .containsExactly("task `off` never runs", "task `after_off` never runs");
    }

    @Test
    void names_that_mislead_are_found() {
        assertThat(check(free("read"), free("read"), free("re_ad"), free("input"), free("in")))
                .extracting(Fault::code)
                .containsExactly("E-NAME-01", "W-NAME-01", "E-NAME-03", "E-NAME-03");
    }
}

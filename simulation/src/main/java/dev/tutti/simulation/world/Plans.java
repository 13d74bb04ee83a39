package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.Dependencies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Makes teams and plans by chance, sound ones only, with everything that a team file can say of a
/// task.
final class Plans {
    static final SkillId WORK = new SkillId("work");
    static final SkillId CHECK = new SkillId("check");
    static final SkillId UNDO = new SkillId("undo");
    static final SkillId DECIDE = new SkillId("decide");
    static final SkillId FILL = new SkillId("fill");
    static final AgentId BOSS = new AgentId("boss");
    static final AgentId CLERK = new AgentId("clerk");
    static final List<String> MESSAGES = List.of("news", "paid");
    static final String MAIN = "main";
    private static final String PART = "part";
    static final String LEAF = "leaf";

    private final SplittableRandom random;
    private int votes;
    private final Expressions expressions;

    private Plans(SplittableRandom random, Expressions expressions) {
        this.random = random;
        this.expressions = expressions;
    }

    static Team team(SplittableRandom random, Expressions expressions) {
        return new Plans(random, expressions).team();
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Duration seconds(int from, int to) {
        return Duration.ofSeconds(random.nextInt(from, to + 1));
    }

    // ---- who

    private Team team() {
        var agents = new ArrayList<Agent>();
        for (var name : once(3) ? List.of("one") : List.of("one", "two", "three")) {
            agents.add(worker(name));
        }
        agents.add(human(BOSS, List.of(new SkillId("approve")), List.of(), "approve"));
        agents.add(
                human(
                        CLERK,
                        List.of(DECIDE, FILL),
                        random.nextBoolean() ? List.of("yes", "no") : List.of(),
                        "yes"));
        var workflows =
                List.of(
                        workflow(MAIN, 4 + random.nextInt(6), PART),
                        workflow(PART, 1 + random.nextInt(3), LEAF),
                        workflow(LEAF, 1 + random.nextInt(2), null));
        var relays = new Relays(random.split(), agents);
        var shared =
                workflows.stream()
                        .map(relays::in)
                        .map(workflow -> Shared.in(workflow, random))
                        .toList();
        var errands = new Errands(random.split(), agents);
        return new Team(skills(), agents, shared.stream().map(errands::in).toList());
    }

    private static List<Skill> skills() {
        var work = new LinkedHashMap<String, Type.Field>();
        work.put("n", Type.Field.required(Type.Scalar.INT));
        work.put("ok", Type.Field.required(Type.Scalar.BOOL));
        work.put("list", Type.Field.required(new Type.ListOf(Type.Scalar.INT)));
        var fill = new LinkedHashMap<String, Type.Field>();
        fill.put("n", Type.Field.required(Type.Scalar.INT));
        var check = new LinkedHashMap<String, Type.Field>();
        check.put("ok", Type.Field.required(Type.Scalar.BOOL));
        return List.of(
                new Skill(WORK, Type.Struct.OPEN, new Type.Struct(work, true)),
                new Skill(CHECK, Type.Struct.OPEN, new Type.Struct(check, true)),
                new Skill(FILL, Type.Struct.OPEN, new Type.Struct(fill, true)));
    }

    private Agent worker(String name) {
        var limits =
                new Agent.Limits(
                        1 + random.nextInt(3),
                        once(3) ? seconds(2, 30) : null,
                        once(5) ? seconds(2, 10) : null);
        return new Agent(
                new AgentId(name),
                List.of(WORK, CHECK, UNDO),
                "scripted",
                Value.Struct.EMPTY,
                limits,
                once(6) ? Task.Effects.AT_MOST_ONCE : Task.Effects.IDEMPOTENT,
                Agent.Price.UNKNOWN);
    }

    private Agent human(AgentId id, List<SkillId> skills, List<String> choices, String answer) {
        var settings = new LinkedHashMap<String, Value>();
        settings.put("question", Value.text("what of ${input.n}?"));
        if (!choices.isEmpty()) {
            settings.put("choices", Value.from(choices));
        }
        if (once(2)) {
            settings.put("ask", ladder());
        }
        if (once(3) && (!choices.isEmpty() || id.equals(BOSS))) {
            settings.put("otherwise", Value.text(once(3) ? Question.FAIL : answer));
        }
        if (once(4)) {
            settings.put("remind", Value.text((20 + random.nextInt(600)) + "s"));
        }
        if (once(4)) {
            settings.put("quorum", Value.of(2));
        }
        if (once(4)) {
            settings.put("four_eyes", Value.of(true));
        }
        return new Agent(id, skills, Agent.HUMAN, new Value.Struct(settings), Agent.Limits.DEFAULT);
    }

    private Value ladder() {
        var rungs = new ArrayList<Value>();
        for (var to : List.of("bo", "ops")) {
            rungs.add(
                    Value.struct(
                            "to",
                            Value.text(to),
                            "within",
                            Value.text((2 + random.nextInt(90)) + "s")));
        }
        return new Value.Array(rungs);
    }

    // ---- what

    private Workflow workflow(String name, int size, @Nullable String child) {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("n", Type.Field.required(Type.Scalar.INT));
        fields.put("items", Type.Field.required(new Type.ListOf(Type.Scalar.INT)));
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < size; i++) {
            tasks.add(task(name.substring(0, 1) + i + "x", tasks, child));
        }
        var output = Value.struct("last", Value.text("${" + tasks.getLast().name() + "}"));
        return new Workflow(
                name,
                new Type.Struct(fields, true),
                tasks,
                output,
                once(3) ? Task.Remedy.FAIL : Task.Remedy.ASK,
                null,
                Budget.NONE);
    }

    private Task task(String name, List<Task> earlier, @Nullable String child) {
        var performer = performer(child);
        var after = some(earlier);
        boolean byMessage = performer instanceof Performer.ByMessage;
        boolean works =
                performer.equals(new Performer.BySkill(WORK))
                        || performer.equals(new Performer.ByAgent(new AgentId("one")));
        var flow = flow(earlier, after, byMessage, works, child == null ? "inner" : name(child));
        var input =
                byMessage
                        ? Value.Struct.EMPTY
                        : input(performer, after, earlier, flow.each() != null);
        var policy = byMessage ? Task.Policy.DEFAULT : policy(works);
        var label = flow.each() != null && once(2) ? "item ${item}" : null;
        var dependencies =
                Dependencies.of(expressions, performer, input, flow, policy, label, after);
        if (flow.loop() != null || policy.undo() != null || policy.approval() != null) {
            flow = unresolved(flow);
        }
        int need = Math.min(flow.join().need(), dependencies.size());
        flow = flow.with(new Task.Join(need, need > 0 && flow.join().cancelRest()));
        return new Task(name, performer, input, dependencies, flow, policy, label);
    }

    /// One who judges does not go round, is not approved, and has nothing to take back.
    private static Task.Flow unresolved(Task.Flow flow) {
        var each = flow.each();
        return each == null || each.resolve() == null
                ? flow
                : flow.with(
                        new Task.Each(
                                each.of(),
                                each.max(),
                                each.need(),
                                each.until(),
                                each.cancelRest(),
                                null,
                                each.most()));
    }

    private Resolve resolve() {
        var by =
                oneOf(
                        List.of(
                                new Resolve.By.Vote(),
                                new Resolve.By.WeightedVote(),
                                new Resolve.By.KOfN(2),
                                new Resolve.By.BestOf(),
                                new Resolve.By.Compose(),
                                new Resolve.By.Custom(),
                                new Resolve.By.Merge(),
                                new Resolve.By.FirstGood(),
                                new Resolve.By.Collect()));
        var judge = new Resolve.Step.Judge(new Performer.ByAgent(new AgentId("one")));
        List<Resolve.Step> then =
                once(2) ? List.of(judge, new Resolve.Step.Ask()) : List.of(new Resolve.Step.Ask());
        boolean meaning = once(4);
        // Every other vote is after a debate. Nothing is drawn for it, so that the plans of a seed
        // stay as they were.
        boolean debated = by instanceof Resolve.By.Vote && ++votes % 2 == 1;
        return new Resolve(
                debated ? new Resolve.By.Debate(1 + votes % 3 % 2) : by, null, 0.9, then, meaning);
    }

    private static String name(String child) {
        return "outer-of-" + child;
    }

    private Performer performer(@Nullable String child) {
        return switch (random.nextInt(20)) {
            case 0, 1 -> new Performer.ByAgent(new AgentId("one"));
            case 2 -> new Performer.BySkill(DECIDE);
            case 3 -> new Performer.BySkill(FILL);
            case 4, 5 ->
                    child == null ? new Performer.BySkill(WORK) : new Performer.ByWorkflow(child);
            case 6, 7 ->
                    new Performer.ByMessage(
                            oneOf(MESSAGES),
                            once(3) ? "${message.k == input.n}" : null,
                            once(2) ? seconds(1, 600) : null,
                            random.nextBoolean());
            case 8 -> new Performer.ByMessage(null, null, seconds(1, 300), true);
            default -> new Performer.BySkill(WORK);
        };
    }

    private List<String> some(List<Task> earlier) {
        var names = new ArrayList<>(earlier.stream().map(Task::name).toList());
        if (names.isEmpty()) {
            return List.of();
        }
        for (int i = names.size() - 1; i > 0; i--) {
            Collections.swap(names, i, random.nextInt(i + 1));
        }
        return List.copyOf(names.subList(0, random.nextInt(Math.min(names.size(), 3) + 1)));
    }

    /// A dependency whose output has the fields that work gives.
    private @Nullable String source(List<String> after, List<Task> earlier) {
        return earlier.stream()
                .filter(task -> after.contains(task.name()))
                .filter(task -> task.performer().equals(new Performer.BySkill(WORK)))
                .filter(task -> task.flow().each() == null)
                .map(Task::name)
                .findFirst()
                .orElse(null);
    }

    private Value.Struct input(
            Performer performer, List<String> after, List<Task> earlier, boolean each) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("n", Value.text("${input.n}"));
        if (performer instanceof Performer.ByWorkflow) {
            fields.put("items", Value.text("${input.items}"));
        }
        var source = source(after, earlier);
        if (source != null && once(6)) {
            fields.put("from", Value.text("${" + source + ".n}"));
        } else if (!after.isEmpty() && once(2)) {
            fields.put("from", Value.text("${" + after.getFirst() + "}"));
        }
        if (each) {
            fields.put("item", Value.text("${item}"));
        }
        return new Value.Struct(fields);
    }

    private Task.Flow flow(
            List<Task> earlier, List<String> after, boolean byMessage, boolean works, String lock) {
        var flow = Task.Flow.ONCE;
        var source = source(after, earlier);
        if (once(6)) {
            flow =
                    flow.withWhen(
                            source != null && once(2)
                                    ? "${" + source + ".n < 4}"
                                    : "${input.n != 1}");
        }
        if (after.size() > 1 && once(2)) {
            flow = flow.with(new Task.Join(1 + random.nextInt(after.size()), random.nextBoolean()));
        }
        if (!earlier.isEmpty() && once(12)) {
            flow = flow.withCancels(oneOf(earlier).name());
        }
        if (byMessage) {
            return flow;
        }
        if (once(5)) {
            flow =
                    flow.with(
                            new Task.Emit(
                                    oneOf(MESSAGES),
                                    Value.struct("k", Value.text("${input.n}")),
                                    once(2) ? "R0" : null));
        }
        if (once(5)) {
            var of = source != null && once(3) ? "${" + source + ".list}" : "${input.items}";
            flow =
                    flow.with(
                            new Task.Each(
                                    of,
                                    once(12) ? 2 : 9,
                                    once(3) ? "${2}" : null,
                                    once(4) ? "${size(output) >= 2}" : null,
                                    random.nextBoolean(),
                                    once(3) ? resolve() : null));
        }
        if (works && once(6)) {
            flow = flow.with(new Task.Loop("${output.n < 3}", 2 + random.nextInt(4)));
        }
        if (once(5)) {
            flow = flow.withLocks(lock, lock + "-${input.n}");
        }
        return flow;
    }

    private Task.Policy policy(boolean works) {
        var first = Duration.ofMillis(10 + random.nextInt(500));
        var policy =
                Task.Policy.DEFAULT.with(
                        new Task.Retry(
                                1 + random.nextInt(4),
                                first,
                                first.multipliedBy(1L << random.nextInt(4))));
        policy = policy.withLadder(rungs());
        if (once(3)) {
            policy =
                    policy.with(
                            new Task.Timeouts(
                                    once(3) ? seconds(1, 120) : null,
                                    once(2) ? seconds(1, 60) : null,
                                    once(3) ? seconds(1, 10) : null,
                                    once(3) ? seconds(5, 600) : null));
        }
        if (works && once(4)) {
            policy =
                    policy.with(
                            new Task.Gate(
                                    once(2) ? List.of("${output.n < 4}") : List.of(),
                                    once(2) ? verify() : null));
        }
        if (once(5)) {
            policy = policy.with(once(4) ? Task.Effects.IDEMPOTENT : Task.Effects.AT_MOST_ONCE);
        }
        if (once(6)) {
            policy = policy.withApproval(BOSS);
        }
        if (once(5)) {
            policy =
                    policy.with(
                            new Task.Undo(
                                    new Performer.BySkill(UNDO),
                                    Value.struct("of", Value.text("${output}"))));
        }
        return policy;
    }

    private Task.Verify verify() {
        return new Task.Verify(
                new Performer.BySkill(CHECK),
                once(2) ? Value.struct("of", Value.text("${output.n}")) : null,
                Task.Verify.OK);
    }

    private Task.Remedy[] rungs() {
        var rungs = new ArrayList<Task.Remedy>();
        if (once(4)) {
            rungs.add(Task.Remedy.REROUTE);
        }
        if (once(4)) {
            rungs.add(Task.Remedy.ASK);
        }
        if (once(2)) {
            rungs.add(Task.Remedy.SKIP);
        } else if (once(4)) {
            rungs.add(Task.Remedy.FAIL);
        }
        return rungs.toArray(Task.Remedy[]::new);
    }
}

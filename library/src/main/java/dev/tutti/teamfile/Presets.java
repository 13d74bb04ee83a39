package dev.tutti.teamfile;

import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Similar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Patterns of orchestration that people know by name, written out as ordinary tasks.
///
/// A workflow with `pattern: { debate: { … } }` reads as if its tasks had been written by hand;
/// nothing behind the reader knows of patterns.
final class Presets {
    private static final String PATTERN = "pattern";

    /// More agents nobody lists in one pattern.
    private static final int MOST_AGENTS = Passing.Group.MOST_MEMBERS;

    private static final int MOST_RESETS = 5;
    private static final int MOST_ROUNDS = 100;

    /// The note that members of a blackboard share.
    private static final String BOARD = "board";

    private static final Value BOARD_ALONE = Value.array(Value.text(BOARD));

    /// The patterns there are, with their keys; the first are those that must be there.
    private static final SequencedMap<String, Form> FORMS = forms();

    /// @param needed keys without which it is nothing
    /// @param other keys that may be there
    private record Form(List<String> needed, List<String> other, Written written) {}

    /// Writes a pattern out.
    @FunctionalInterface
    private interface Written {
        void write(Presets presets);
    }

    private final Section workflow;
    private final Section pattern;
    private final Map<String, Value> agents;
    private final Map<String, Value> skills;
    private final Report report;
    private final SequencedMap<String, Value> tasks = new LinkedHashMap<>();
    private final SequencedMap<String, Value> keys = new LinkedHashMap<>();
    private String output = "";

    private Presets(Section workflow, Section pattern, Section file, Report report) {
        this.workflow = workflow;
        this.pattern = pattern;
        this.report = report;
        agents = fields(file, "agents");
        skills = fields(file, "skills");
    }

    private static Map<String, Value> fields(Section file, String key) {
        return file.value(key).orElse(Value.NULL) instanceof Value.Struct struct
                ? struct.fields()
                : Map.of();
    }

    private static SequencedMap<String, Form> forms() {
        var forms = new LinkedHashMap<String, Form>();
        forms.put("sequential", new Form(List.of("steps"), List.of(), Presets::sequential));
        forms.put("concurrent", new Form(List.of("agents"), List.of("then"), Presets::concurrent));
        forms.put("router", new Form(List.of("by", "to"), List.of("otherwise"), Presets::router));
        forms.put(
                "orchestrator_workers",
                new Form(
                        List.of("orchestrator", "worker"),
                        List.of("then", "max"),
                        Presets::orchestratorWorkers));
        forms.put(
                "evaluator_optimizer",
                new Form(
                        List.of("generator", "evaluator"),
                        List.of("max"),
                        Presets::evaluatorOptimizer));
        forms.put(
                "plan_execute",
                new Form(
                        List.of("goal", "planner"), List.of("wants", "max"), Presets::planExecute));
        forms.put("hand_off", new Form(List.of("first", "to"), List.of("max"), Presets::handOff));
        forms.put(
                "group_chat",
                new Form(
                        List.of("members"),
                        List.of("turns", "moderator", "max", "until", "result"),
                        Presets::groupChat));
        forms.put(
                "debate",
                new Form(List.of("members", "judge"), List.of("rounds"), Presets::debate));
        forms.put(
                "magentic",
                new Form(
                        List.of("manager", "members"),
                        List.of("max", "resets"),
                        Presets::magentic));
        forms.put("swarm", new Form(List.of("agents"), List.of("first", "max"), Presets::swarm));
        forms.put(
                "map_reduce",
                new Form(List.of("over", "map", "reduce"), List.of("max"), Presets::mapReduce));
        forms.put(
                "blackboard",
                new Form(List.of("members"), List.of("rounds", "then"), Presets::blackboard));
        forms.put(
                "contract_net",
                new Form(
                        List.of("skill"),
                        List.of("within", "reserve", "rounds", "then"),
                        Presets::contractNet));
        return forms;
    }

    /// The content of a workflow with its pattern written out; as it is where it has none.
    ///
    /// @param file the whole team file, whose agents the pattern names
    static Value.Struct writtenOut(
            Value.Struct content, List<String> at, Section file, Report report) {
        if (content.get(PATTERN) == null) {
            return content;
        }
        var workflow = new Section(content, Keys.WORKFLOW, at, new Report());
        for (var other : List.of("tasks", "goal", "planner", "wants")) {
            if (workflow.has(other)) {
                report.add(
                        "E-KEY-03",
                        "a workflow with a `pattern` has its tasks from there",
                        workflow.at(other),
                        "not together with `pattern`",
                        "remove `" + other + "`, or write the tasks out without `pattern`");
            }
        }
        var named = named(workflow, report);
        if (named.isEmpty()) {
            return without(content, NOTHING);
        }
        var name = named.get().getKey();
        var form = FORMS.get(name);
        if (form == null) {
            return without(content, NOTHING);
        }
        var known = new ArrayList<>(form.needed());
        known.addAll(form.other());
        known.add("input");
        var place = Report.below(workflow.at(PATTERN), name);
        var section =
                Section.struct(
                                named.get().getValue(),
                                place,
                                "an object such as `{ " + form.needed().getFirst() + ": … }`",
                                report)
                        .map(of ->
                                new Section(
                                        of,
                                        new Keys("pattern `" + name + "`", known),
                                        place,
                                        report));
        if (section.isEmpty()) {
            return without(content, NOTHING);
        }
        var presets = new Presets(workflow, section.get(), file, report);
        for (var key : form.needed()) {
            if (!section.get().has(key)) {
                section.get().missing(key, "…");
            }
        }
        form.written().write(presets);
        return presets.written(content);
    }

    /// The one pattern that a workflow names, with what it says of it.
    private static Optional<Map.Entry<String, Value>> named(Section workflow, Report report) {
        var pattern =
                Section.struct(
                        workflow.value(PATTERN).orElse(Value.NULL),
                        workflow.at(PATTERN),
                        "an object such as `{ debate: { members: [a, b], judge: c } }`",
                        report);
        if (pattern.isEmpty()) {
            return Optional.empty();
        }
        var names = List.copyOf(pattern.get().fields().keySet());
        if (names.size() != 1) {
            report.add(
                    "E-PATTERN-01",
                    "a workflow has one pattern, not " + names.size(),
                    workflow.at(PATTERN),
                    "one of " + String.join(", ", FORMS.keySet()),
                    null);
            return Optional.empty();
        }
        var name = names.getFirst();
        if (!FORMS.containsKey(name)) {
            report.add(
                    "E-PATTERN-01",
                    "there is no pattern `"
                            + DisplayWidth.shown(name)
                            + "`; there are "
                            + String.join(", ", FORMS.keySet()),
                    Report.below(workflow.at(PATTERN), name),
                    "unknown pattern",
                    Similar.to(name, FORMS.keySet())
                            .map(near -> "write `" + near + "`")
                            .orElse(null));
        }
        return Optional.of(Map.entry(name, pattern.get().fields().get(name)));
    }

    private static Value.Struct without(Value.Struct content, SequencedMap<String, Value> tasks) {
        var fields = new LinkedHashMap<>(content.fields());
        fields.remove(PATTERN);
        fields.put("tasks", new Value.Struct(tasks));
        return new Value.Struct(fields);
    }

    private Value.Struct written(Value.Struct content) {
        var fields = new LinkedHashMap<>(without(content, tasks).fields());
        if (tasks.isEmpty() && !keys.isEmpty()) {
            fields.remove("tasks");
        }
        keys.forEach(fields::put);
        if (!workflow.has("output") && !output.isEmpty()) {
            fields.put("output", Value.text(output));
        }
        return new Value.Struct(fields);
    }

    // ---- the patterns

    private void sequential() {
        var before = "";
        for (var step : who("steps")) {
            var name = task(step);
            var input = before.isEmpty() ? given() : given().with("previous", expression(before));
            put(name, by(step), input, NOTHING);
            before = name;
        }
        output = of(before);
    }

    private void concurrent() {
        var results = new LinkedHashMap<String, Value>();
        for (var one : who("agents")) {
            var name = task(one);
            put(name, by(one), given(), NOTHING);
            results.put(name, expression(name));
        }
        var all = new Value.Struct(results);
        var then = one("then");
        if (then != null) {
            output = of(put(task(then), by(then), given().with("results", all), NOTHING));
        } else if (!workflow.has("output")) {
            keys.put("output", all);
        }
    }

    private void router() {
        var by = one("by");
        var ways = ways();
        var otherwise = one("otherwise");
        if (by == null || ways.isEmpty()) {
            return;
        }
        var names = ways.keySet().stream().map(way -> "'" + way + "'").toList();
        var listed = "[" + String.join(", ", names) + "]";
        var choices = new LinkedHashMap<String, Value>();
        ways.forEach((way, about) -> choices.put(way, Value.text(about)));
        var route = task("route");
        put(
                route,
                by(by),
                given().with("choices", new Value.Struct(choices)),
                otherwise == null
                        ? one("accept", Value.text("${output.to in " + listed + "}"))
                        : NOTHING);
        var answers = new ArrayList<String>();
        for (var way : ways.keySet()) {
            var when = Value.text("${" + route + ".to == '" + way + "'}");
            answers.add(put(task(way), by(way), given(), one("when", when)));
        }
        if (otherwise != null) {
            var when = Value.text("${!(" + route + ".to in " + listed + ")}");
            answers.add(put(task(otherwise), by(otherwise), given(), one("when", when)));
        }
        var last = answers.removeLast();
        output =
                "${"
                        + answers.stream()
                                .map(one -> one + " != null ? " + one + " : ")
                                .collect(Collectors.joining())
                        + last
                        + "}";
    }

    private void orchestratorWorkers() {
        var orchestrator = one("orchestrator");
        var worker = one("worker");
        var then = one("then");
        if (orchestrator == null || worker == null) {
            return;
        }
        var plan = put(task("plan"), by(orchestrator), given(), NOTHING);
        var more = new LinkedHashMap<String, Value>();
        more.put("each", Value.text("${" + plan + ".tasks}"));
        more.put("max", Value.of(whole("max", 10_000, 20)));
        var work = put(task("work"), by(worker), given().with("task", Value.text("${item}")), more);
        output =
                then == null
                        ? of(work)
                        : of(
                                put(
                                        task("join"),
                                        by(then),
                                        given().with("results", expression(work)),
                                        NOTHING));
    }

    private void evaluatorOptimizer() {
        var generator = one("generator");
        var evaluator = one("evaluator");
        if (generator == null || evaluator == null) {
            return;
        }
        var more = new LinkedHashMap<String, Value>();
        more.put("verify", new Value.Struct(by(evaluator)));
        more.put("retry", Value.struct("attempts", Value.of(whole("max", MOST_ROUNDS, 3))));
        output = of(put(task("draft"), by(generator), given(), more));
    }

    private void planExecute() {
        pattern.value("goal").ifPresent(goal -> keys.put("goal", goal));
        pattern.value("wants").ifPresent(wants -> keys.put("wants", wants));
        pattern.value("planner")
                .ifPresent(planner ->
                        keys.put(
                                "planner",
                                planner instanceof Value.Text && pattern.has("max")
                                        ? Value.struct(
                                                "agent",
                                                planner,
                                                "rounds",
                                                Value.of(whole("max", MOST_ROUNDS, 3)))
                                        : planner));
    }

    private void handOff() {
        var first = one("first");
        var to = who("to");
        if (first != null && !to.isEmpty()) {
            handedOver(first, to, Passing.HandOff.DEFAULT_MAX);
        }
    }

    private void swarm() {
        var all = who("agents");
        if (all.isEmpty()) {
            return;
        }
        var first = pattern.has("first") ? one("first") : all.getFirst();
        if (first != null) {
            handedOver(first, all, 2 * Passing.HandOff.DEFAULT_MAX);
        }
    }

    private void handedOver(String first, List<String> to, int standard) {
        var max = Value.of(whole("max", Passing.HandOff.MOST, standard));
        var handOff = Value.struct("to", Value.from(to), "max", max);
        output = of(put(task("answer"), by(first), given(), one("hand_off", handOff)));
    }

    private void groupChat() {
        var group = new LinkedHashMap<String, Value>();
        for (var key : List.of("members", "turns", "moderator", "max", "until", "result")) {
            pattern.value(key).ifPresent(value -> group.put(key, value));
        }
        who("members");
        one("moderator");
        output = of(put(task("chat"), one("group", new Value.Struct(group)), given(), NOTHING));
    }

    private void debate() {
        var members = who("members");
        var judge = one("judge");
        if (members.isEmpty() || judge == null) {
            return;
        }
        int rounds = whole("rounds", MOST_ROUNDS, 2);
        var group =
                Value.struct(
                        "members",
                        Value.from(members),
                        "max",
                        Value.of(Math.min(rounds * members.size(), Passing.Group.MOST)));
        var debate = put(task("debate"), one("group", group), given(), NOTHING);
        output =
                of(
                        put(
                                task("verdict"),
                                by(judge),
                                given().with("transcript", expression(debate + ".transcript")),
                                NOTHING));
    }

    private void magentic() {
        var manager = one("manager");
        var members = who("members");
        if (manager == null || members.isEmpty()) {
            return;
        }
        var ledger =
                put(
                        task("ledger"),
                        by(manager),
                        given().with("wanted", Value.text("facts and a plan")),
                        NOTHING);
        var team = worked(manager, ledger);
        var transcript = team + ".transcript";
        int resets = pattern.has("resets") ? pattern.whole("resets", 0, MOST_RESETS).orElse(2) : 2;
        for (int i = 0; i < resets; i++) {
            var anew =
                    given().with("wanted", Value.text("facts and a plan, anew"))
                            .with("ledger", expression(ledger))
                            .with("transcript", expression(team + ".transcript"))
                            .with("because", expression(team + ".because"));
            ledger = put(task("ledger"), by(manager), anew, one("when", stalled(team)));
            team = worked(manager, ledger);
            transcript = team + " != null ? " + team + ".transcript : " + transcript;
        }
        output =
                of(
                        put(
                                task("report"),
                                by(manager),
                                given().with("wanted", Value.text("the answer"))
                                        .with("transcript", expression(transcript)),
                                NOTHING));
    }

    /// The team at work by a ledger, until the manager or the lack of progress ends it.
    private String worked(String manager, String ledger) {
        var group =
                Value.struct(
                        "members",
                        pattern.value("members").orElse(Value.NULL),
                        "turns",
                        Value.text("moderated"),
                        "moderator",
                        Value.text(manager),
                        "max",
                        Value.of(whole("max", Passing.Group.MOST, 20)));
        return put(
                task("work"),
                one("group", group),
                given().with("ledger", expression(ledger)),
                NOTHING);
    }

    /// Nobody said anything new in a whole round, or the manager says that it leads nowhere.
    private static Value stalled(String team) {
        return expression(team + ".ended == 'no_progress' || " + team + ".verdict == 'stalled'");
    }

    private void mapReduce() {
        var map = one("map");
        var reduce = one("reduce");
        var over = pattern.text("over", "a list, such as `\"${input.pages}\"`").orElse(null);
        if (map == null || reduce == null || over == null) {
            return;
        }
        var more = new LinkedHashMap<String, Value>();
        more.put("each", Value.text(over));
        pattern.value("max").ifPresent(max -> more.put("max", max));
        var item = given().with("item", Value.text("${item}"));
        var mapped = put(task("mapped"), by(map), item, more);
        output =
                of(
                        put(
                                task("reduced"),
                                by(reduce),
                                given().with("results", expression(mapped)),
                                NOTHING));
    }

    /// Round by round everybody reads the board and adds to it.
    private void blackboard() {
        var shared =
                new LinkedHashMap<>(
                        workflow.value("notes").orElse(Value.NULL) instanceof Value.Struct notes
                                ? notes.fields()
                                : Map.<String, Value>of());
        shared.put(BOARD, Value.text("append"));
        keys.put("notes", new Value.Struct(shared));
        var written = Value.struct(BOARD, Value.text("${output}"));
        var before = List.<String>of();
        int rounds = whole("rounds", MOST_ROUNDS, 3);
        for (int round = 1; round <= rounds; round++) {
            var now = new ArrayList<String>();
            for (var member : who("members")) {
                var more = after(before);
                more.put("notes", Value.struct("read", BOARD_ALONE, "write", written));
                now.add(put(task(member), by(member), given(), more));
            }
            before = now;
        }
        var then = one("then");
        if (then != null) {
            var more = after(before);
            more.put("notes", Value.struct("read", BOARD_ALONE));
            output = of(put(task(then), by(then), given(), more));
        } else {
            output = "${notes." + BOARD + "}";
        }
    }

    private static SequencedMap<String, Value> after(List<String> tasks) {
        var more = new LinkedHashMap<String, Value>();
        if (!tasks.isEmpty()) {
            more.put("after", Value.from(tasks));
        }
        return more;
    }

    /// The task is announced, and goes to the one who bids best.
    private void contractNet() {
        var skill = one("skill");
        if (skill == null) {
            return;
        }
        var bids = new LinkedHashMap<String, Value>();
        bids.put("by", Value.text("auction"));
        for (var key : List.of("within", "reserve", "rounds")) {
            pattern.value(key).ifPresent(value -> bids.put(key, value));
        }
        var work = put(task("work"), by(skill), given(), one("dispatch", new Value.Struct(bids)));
        var then = one("then");
        output =
                then == null
                        ? of(work)
                        : of(
                                put(
                                        task(then),
                                        by(then),
                                        given().with("result", expression(work)),
                                        NOTHING));
    }

    // ---- what they are made of

    private static SequencedMap<String, Value> one(String key, Value value) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put(key, value);
        return fields;
    }

    private static final SequencedMap<String, Value> NOTHING =
            Collections.unmodifiableSequencedMap(new LinkedHashMap<>());

    private static Value expression(String name) {
        return Value.text("${" + name + "}");
    }

    private static String of(String name) {
        return name.isEmpty() ? "" : "${" + name + "}";
    }

    private String put(
            String name,
            SequencedMap<String, Value> who,
            Value.Struct input,
            SequencedMap<String, Value> more) {
        var fields = new LinkedHashMap<>(who);
        if (!input.fields().isEmpty()) {
            fields.put("input", input);
        }
        fields.putAll(more);
        tasks.put(name, new Value.Struct(fields));
        return name;
    }

    /// A name that no task has yet.
    private String task(String wanted) {
        var name = wanted;
        for (int number = 2; tasks.containsKey(name); number++) {
            name = wanted + "_" + number;
        }
        return name;
    }

    /// What each task is given: what the pattern says, or the workflow's inputs.
    private Value.Struct given() {
        if (pattern.has("input")) {
            return pattern.struct("input", "an object").orElse(Value.Struct.EMPTY);
        }
        var fields = new LinkedHashMap<String, Value>();
        if (workflow.value("input").orElse(Value.NULL) instanceof Value.Struct inputs) {
            inputs.fields().keySet().forEach(key -> fields.put(key, expression("input." + key)));
        }
        return new Value.Struct(fields);
    }

    private int whole(String key, int most, int otherwise) {
        return pattern.whole(key, 1, most).orElse(otherwise);
    }

    /// Who does a task: an agent, or anyone with a skill.
    private SequencedMap<String, Value> by(String name) {
        return one(agents.containsKey(name) ? "agent" : "skill", Value.text(name));
    }

    private @Nullable String one(String key) {
        var name = pattern.text(key, "the name of an agent, or of a skill").orElse(null);
        return name == null || known(name, pattern.at(key)) ? name : null;
    }

    /// The agents or skills under a key: a list, or an object whose keys they are.
    private List<String> who(String key) {
        var listed =
                pattern.value(key).orElse(Value.NULL) instanceof Value.Struct named
                        ? List.copyOf(named.fields().keySet())
                        : pattern.words(key, "a list of agents");
        if (listed.size() > MOST_AGENTS) {
            report.add(
                    "E-PLAN-03",
                    "a pattern names " + MOST_AGENTS + " agents at most",
                    pattern.at(key),
                    "too many",
                    null);
            return List.of();
        }
        if (listed.isEmpty() && pattern.has(key)) {
            report.add(
                    "E-PATTERN-02",
                    "`" + key + "` names nobody",
                    pattern.at(key),
                    "nobody",
                    "name at least one agent");
        }
        return listed.stream()
                .filter(name -> known(name, Report.below(pattern.at(key), name)))
                .toList();
    }

    /// Where a router leads, with what each way is for.
    private SequencedMap<String, String> ways() {
        var ways = new LinkedHashMap<String, String>();
        var about =
                pattern.value("to").orElse(Value.NULL) instanceof Value.Struct named
                        ? named.fields()
                        : Map.<String, Value>of();
        who("to")
                .forEach(name ->
                        ways.put(
                                name, about.get(name) instanceof Value.Text(var text) ? text : ""));
        return ways;
    }

    private static List<String> skillsOf(Value agent) {
        return agent instanceof Value.Struct of
                        && of.get("skills") instanceof Value.Array(var words)
                ? words.stream()
                        .filter(Value.Text.class::isInstance)
                        .map(word -> ((Value.Text) word).value())
                        .toList()
                : List.of();
    }

    private boolean known(String name, List<String> at) {
        var offered = new LinkedHashSet<>(agents.keySet());
        offered.addAll(skills.keySet());
        agents.values().forEach(agent -> offered.addAll(skillsOf(agent)));
        if (offered.contains(name)) {
            return true;
        }
        report.add(
                "E-REF-07",
                "the team has no agent `" + DisplayWidth.shown(name) + "`, and no such skill",
                at,
                "unknown agent",
                Similar.to(name, offered).map(near -> "write `" + near + "`").orElse(null));
        return false;
    }
}

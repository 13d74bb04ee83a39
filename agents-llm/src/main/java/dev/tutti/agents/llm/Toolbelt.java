package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Message;
import dev.tutti.agents.pins.Pins;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Handing;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolUnavailable;
import dev.tutti.runtime.tool.ToolUser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tools of one attempt: what is offered to the model, whether a call is made, and what it
/// gave.
final class Toolbelt {
    /// The tool by which a model asks a person.
    static final String ASK_PERSON = "ask_person";

    /// The tool by which a model hands its task over.
    static final String HAND_OVER = "hand_over";

    /// Characters of a result that are kept; the rest is cut off, and that is said.
    private static final int LONGEST_RESULT = 200_000;

    /// Before a call that failed is made once more, unless the other side names a time.
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final int LONGEST_NAME = 64;
    private static final List<String> DECISIONS = List.of("approve", "deny");

    private static final Tool.Description ASKING =
            new Tool.Description(
                    ASK_PERSON,
                    "Asks a person, who may take hours to answer. Ask only what you cannot find out"
                            + " yourself and cannot go on without.",
                    (Value.Struct)
                            Value.from(
                                    Map.of(
                                            "type",
                                            "object",
                                            "properties",
                                            Map.of(
                                                    "question",
                                                    Map.of("type", "string"),
                                                    "choices",
                                                    Map.of(
                                                            "type",
                                                            "array",
                                                            "items",
                                                            Map.of("type", "string"),
                                                            "description",
                                                            "what may be answered; leave it out for"
                                                                    + " free text")),
                                            "required",
                                            List.of("question"))),
                    true);

    private final Settings settings;
    private final Toolboxes.Lent boxes;
    private final Pins pins;
    private final Policy policy;
    private final Sampler sampler;
    private final Attempt attempt;
    private final Map<String, Shared> shared = new LinkedHashMap<>();
    private final Map<String, Offered> offered = new LinkedHashMap<>();
    private final List<String> heirs;
    private int asked;

    /// A tool under the name that the model knows it by.
    private record Offered(Settings.Box box, Tool.Description tool) {
        String name() {
            return box.uses().equals(ToolUser.FUNCTION)
                    ? box.name()
                    : box.name() + "." + tool.name();
        }
    }

    /// A tool of the run itself.
    private record Shared(Tool.Description tool, RunTools by) {}

    /// What became of a call.
    ///
    /// @param text what the model is told
    /// @param mistake whether the model called what it could not call
    record Given(String text, boolean mistake) {}

    Toolbelt(
            Settings settings,
            Toolboxes.Lent boxes,
            Pins pins,
            Policy policy,
            Sampler sampler,
            Attempt attempt) {
        this.settings = settings;
        this.boxes = boxes;
        this.pins = pins;
        this.policy = policy;
        this.sampler = sampler;
        this.attempt = attempt;
        heirs = Handing.to(attempt.input());
        for (var tools : List.of(new NoteTools(attempt), new DelegationTools(attempt))) {
            tools.offer().forEach(tool -> shared.put(tool.name(), new Shared(tool, tools)));
        }
    }

    /// The tools that the model is told of. Asks a person where a tool says something else of
    /// itself than when it was first used.
    List<Tool.Description> offer() throws Exception {
        var told = new ArrayList<Tool.Description>();
        for (var box : settings.boxes()) {
            for (var item : listed(box)) {
                var tool = described(item);
                boolean wanted = box.only() == null || box.only().contains(tool.name());
                if (!wanted
                        || (item.get("changed") instanceof Value.Struct then
                                && !pins.agreed(pinned(box), tool, then, attempt))) {
                    continue;
                }
                var one = new Offered(box, tool);
                var name = free(one.name());
                offered.put(name, one);
                told.add(new Tool.Description(name, tool.text(), tool.input(), tool.readOnly()));
            }
        }
        if (settings.asksPeople()) {
            told.add(ASKING);
        }
        if (!heirs.isEmpty()) {
            told.add(handing());
        }
        shared.values().forEach(one -> told.add(one.tool()));
        return told;
    }

    /// To whom the task may go is as the run says, and so is what becomes of it.
    private Tool.Description handing() {
        return new Tool.Description(
                HAND_OVER,
                "Hands this task over to another agent, who does it instead of you, and ends your"
                        + " part in it. Use it where another is better suited.",
                (Value.Struct)
                        Value.from(
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of(
                                                "to",
                                                Map.of("type", "string", "enum", heirs),
                                                "what",
                                                Map.of(
                                                        "type",
                                                        "string",
                                                        "description",
                                                        "what the other one needs to know"),
                                                "reason",
                                                Map.of("type", "string")),
                                        "required",
                                        List.of("to", "what"))),
                true);
    }

    /// The hand-over that a call is, or null where it is another call, or no sound one.
    @Nullable Outcome handOver(Message.Call call) {
        if (heirs.isEmpty() || !call.name().equals(HAND_OVER)) {
            return null;
        }
        var read = Arguments.read(call.arguments(), handing().input());
        var arguments = read.arguments();
        return arguments != null
                        && arguments.get("to") instanceof Value.Text(var to)
                        && heirs.contains(to)
                ? Handing.handedOver(arguments, Usage.NONE)
                : null;
    }

    /// What a toolbox offers is a step like a call: it may be something else tomorrow.
    private List<Value.Struct> listed(Settings.Box box) throws Exception {
        var step = new Attempt.Step("tool", box.name(), Value.struct("list", Value.of(true)));
        var taken = attempt.step(step, () -> Attempt.Taken.free(list(box)));
        var items = new ArrayList<Value.Struct>();
        if (taken.result() instanceof Value.Struct result
                && result.get("tools") instanceof Value.Array(var tools)) {
            tools.forEach(tool -> items.add((Value.Struct) tool));
        }
        return items;
    }

    private Value list(Settings.Box box) throws Exception {
        var items = new ArrayList<Value>();
        for (var tool : boxes.tools(box)) {
            var description = tool.description();
            if (box.only() != null && !box.only().contains(description.name())) {
                continue;
            }
            var item =
                    Value.struct(
                            "name", Value.text(description.name()),
                            "description", Value.text(description.text()),
                            "input", description.input(),
                            "read_only", Value.of(description.readOnly()));
            var then = pins.changed(pinned(box), description);
            items.add(then == null ? item : item.with("changed", then));
        }
        return Value.struct("tools", new Value.Array(items));
    }

    private static Tool.Description described(Value.Struct item) {
        return new Tool.Description(
                item.text("name"),
                item.text("description"),
                item.get("input") instanceof Value.Struct input ? input : Value.Struct.EMPTY,
                item.get("read_only") instanceof Value.Bool(var yes) && yes);
    }

    private static Pins.Box pinned(Settings.Box box) {
        return new Pins.Box(box.name(), box.uses());
    }

    /// A name that providers take, and that no other tool has.
    private String free(String name) {
        var plain = name.replace(".", "__").replaceAll("[^A-Za-z0-9_-]", "_");
        var cut = plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) : plain;
        int number = 2;
        var free = cut;
        while (offered.containsKey(free)
                || free.equals(ASK_PERSON)
                || free.equals(HAND_OVER)
                || shared.containsKey(free)) {
            var end = "_" + number++;
            free = cut.substring(0, Math.min(cut.length(), LONGEST_NAME - end.length())) + end;
        }
        return free;
    }

    /// The names that the model may call.
    List<String> names() {
        var names = new ArrayList<>(offered.keySet());
        if (settings.asksPeople()) {
            names.add(ASK_PERSON);
        }
        if (!heirs.isEmpty()) {
            names.add(HAND_OVER);
        }
        names.addAll(shared.keySet());
        return names;
    }

    /// Makes a call of the model's.
    Given call(Message.Call call) throws Exception {
        var one = offered.get(call.name());
        if (!heirs.isEmpty() && call.name().equals(HAND_OVER)) {
            return new Given(
                    "The task was not handed over: `to` is one of "
                            + String.join(", ", heirs)
                            + ", and `what` a text.",
                    true);
        }
        boolean person = settings.asksPeople() && call.name().equals(ASK_PERSON);
        var run = shared.get(call.name());
        if (one == null && !person && run == null) {
            return new Given(
                    "There is no tool `"
                            + call.name()
                            + "`. There are: "
                            + (names().isEmpty() ? "none" : String.join(", ", names())),
                    true);
        }
        var tool = one != null ? one.tool() : run != null ? run.tool() : ASKING;
        var read = Arguments.read(call.arguments(), tool.input());
        if (read.arguments() == null) {
            return new Given(
                    "The call was not made: "
                            + read.fault()
                            + " Call it again with arguments"
                            + " that fit its schema.",
                    true);
        }
        asked++;
        if (one == null && run != null) {
            return ofRun(run, read.arguments());
        }
        return one == null ? askPerson(read.arguments()) : decided(one, read.arguments());
    }

    private Given ofRun(Shared one, Value.Struct arguments) throws Exception {
        var name = one.tool().name();
        var result = one.by().call(name, arguments, asked);
        boolean failed = result.get("error") instanceof Value.Bool(var error) && error;
        // What others say is not the team's word: it is told as what a tool gave.
        return new Given(Wording.result(name, result.text("content"), false, failed), false);
    }

    private Given askPerson(Value.Struct arguments) throws InterruptedException {
        var choices = new ArrayList<String>();
        if (arguments.get("choices") instanceof Value.Array(var items)) {
            items.forEach(item -> choices.add(shown(item)));
        }
        var question = arguments.text("question");
        var answer =
                attempt.ask(
                        new Attempt.Ask(
                                unique(ASK_PERSON, arguments), question, choices, arguments));
        return new Given("The person answers: " + shown(said(answer)), false);
    }

    private Given decided(Offered one, Value.Struct arguments) throws Exception {
        var ruling = policy.decide(one.box().rules(), one.box().name(), one.tool(), arguments);
        return switch (ruling.decision()) {
            case ALLOW -> made(one, arguments);
            case DENY ->
                    new Given(
                            "The call was not made: the team's policy denies it ("
                                    + ruling.by()
                                    + "). Do not try it again; find another way, or say that you"
                                    + " cannot go on.",
                            false);
            case ASK -> {
                var answer =
                        attempt.ask(
                                new Attempt.Ask(
                                        unique(one.name(), arguments),
                                        "May the agent `"
                                                + attempt.agent()
                                                + "` call `"
                                                + one.name()
                                                + "`?",
                                        DECISIONS,
                                        Value.struct(
                                                "tool",
                                                Value.text(one.name()),
                                                "arguments",
                                                arguments)));
                yield approves(answer)
                        ? made(one, arguments)
                        : new Given(
                                "The call was not made: a person denied it. Do not try it again;"
                                        + " find another way, or say that you cannot go on.",
                                false);
            }
        };
    }

    /// Names what is asked by what it is about, so that no answer is taken for another question's.
    private String unique(String what, Value.Struct arguments) {
        var hash = Sha256.hex(Json.text(arguments).getBytes(StandardCharsets.UTF_8));
        return "call " + asked + ", " + what + " " + hash.substring(0, 12);
    }

    private Given made(Offered one, Value.Struct arguments) throws Exception {
        var step = new Attempt.Step("tool", one.name(), arguments);
        var taken = attempt.step(step, () -> taken(one, arguments));
        var result = (Value.Struct) taken.result();
        var content = result.get("content");
        var text = shown(content == null ? Value.NULL : content);
        boolean failed = result.get("error") instanceof Value.Bool(var error) && error;
        return new Given(Wording.result(one.name(), text, one.box().trusted(), failed), false);
    }

    private Attempt.Taken taken(Offered one, Value.Struct arguments) throws Exception {
        try (var call = sampler.begin(attempt, settings)) {
            var result = result(one, arguments);
            return new Attempt.Taken(result, call.used());
        }
    }

    private Value.Struct result(Offered one, Value.Struct arguments) throws Exception {
        Tool.Result result;
        try {
            result = perform(one, arguments);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            result =
                    Tool.Result.error(
                            "the call failed: "
                                    + (e.getMessage() == null
                                            ? e.getClass().getSimpleName()
                                            : e.getMessage()));
        }
        return Value.struct(
                "content", bounded(result.content()), "error", Value.of(result.isError()));
    }

    /// Once more where that does no harm: what changes nothing may be called twice.
    private Tool.Result perform(Offered one, Value.Struct arguments) throws Exception {
        var tool =
                boxes.tools(one.box()).stream()
                        .filter(each -> each.description().name().equals(one.tool().name()))
                        .findFirst()
                        .orElse(null);
        if (tool == null) {
            return Tool.Result.error("the tool is not there any more");
        }
        attempt.heartbeat();
        try {
            return tool.call(arguments, attempt);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            var pause = e instanceof ToolUnavailable busy ? busy.retryAfter().orElse(PAUSE) : PAUSE;
            if (!one.tool().readOnly() || pause.compareTo(settings.limits().patience()) > 0) {
                throw e;
            }
            rest(pause);
            return tool.call(arguments, attempt);
        }
    }

    private void rest(Duration pause) throws InterruptedException {
        for (var left = pause; left.isPositive(); left = left.minus(PAUSE)) {
            attempt.heartbeat();
            Thread.sleep(left.compareTo(PAUSE) < 0 ? left : PAUSE);
        }
    }

    private static Value bounded(Value content) {
        var text = shown(content);
        return text.length() <= LONGEST_RESULT
                ? content
                : Value.text(
                        text.substring(0, LONGEST_RESULT)
                                + "\n… ("
                                + (text.length() - LONGEST_RESULT)
                                + " characters more, cut off)");
    }

    private static boolean approves(Value answer) {
        return said(answer) instanceof Value.Text(var word)
                ? word.strip().equalsIgnoreCase("approve")
                : said(answer) instanceof Value.Bool(var yes) && yes;
    }

    /// What a person says, as text.
    static String answered(Value answer) {
        return shown(said(answer));
    }

    /// What was decided, out of all that is known of the decision.
    private static Value said(Value answer) {
        if (answer instanceof Value.Struct struct) {
            for (var key : List.of("decision", "text", "answer")) {
                var value = struct.get(key);
                if (value != null) {
                    return value;
                }
            }
        }
        return answer;
    }

    private static String shown(@Nullable Value value) {
        return switch (value) {
            case null -> "";
            case Value.Text(var text) -> text;
            case Value other -> Json.text(other);
        };
    }
}

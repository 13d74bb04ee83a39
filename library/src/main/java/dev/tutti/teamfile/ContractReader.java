package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Choreography.Expectation;
import dev.tutti.core.event.Choreography.Opening;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Contract.Emission;
import dev.tutti.core.event.Contract.Reaction;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what agents take up by themselves, and workflows that rest on nothing else.
final class ContractReader {
    private static final String MODE = "choreography";
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
    private static final int MOST_MESSAGES = 100_000;

    private final Report report;
    private final List<Skill> skills;

    ContractReader(Report report, List<Skill> skills) {
        this.report = report;
        this.skills = List.copyOf(skills);
    }

    // ---- an agent

    /// The agent with the contract that its section has.
    Agent read(Agent agent, Section section) {
        if (!section.has("reacts_to") && !section.has("emits")) {
            return agent;
        }
        var reactions = new ArrayList<Reaction>();
        types(section, "reacts_to", "the types of messages that it takes up")
                .forEach((type, value) -> {
                    var at = Report.below(section.at("reacts_to"), type);
                    reactions.add(reaction(agent, type, keys(value, Keys.REACTION, at)));
                });
        var emissions = new ArrayList<Emission>();
        types(section, "emits", "the types of messages that it sends")
                .forEach((type, value) -> {
                    var at = Report.below(section.at("emits"), type);
                    var keys = keys(value, Keys.EMISSION, at);
                    emissions.add(
                            new Emission(
                                    type,
                                    keys.text("when", "a condition on the `output`").orElse(null),
                                    keys.value("data").orElse(Value.text("${output}"))));
                });
        return agent.with(new Contract(reactions, emissions));
    }

    private Reaction reaction(Agent agent, String type, Section keys) {
        var role = keys.text("as", "a name").orElse(agent.id().value());
        if (!role.matches("[a-z][a-z0-9_]*")) {
            report.add(
                    "E-NAME-02",
                    "`"
                            + DisplayWidth.shown(role)
                            + "` is not a name: names are small letters, digits and `_`",
                    keys.at("as"),
                    "not a name",
                    null);
            role = agent.id().value();
        }
        return new Reaction(
                type,
                keys.text("where", "a condition on the `message`").orElse(null),
                role,
                keys.struct("input", "an object").orElseGet(() -> given(agent)),
                keys.duration("within").orElse(null));
    }

    /// Where nothing is said, an agent gives itself what it takes from the message, field by field;
    /// one that takes anything, all of the message.
    private Value.Struct given(Agent agent) {
        if (agent.skills().size() == 1) {
            var skill =
                    skills.stream()
                            .filter(one -> one.id().equals(agent.skills().getFirst()))
                            .findFirst();
            if (skill.isPresent()
                    && skill.get().input() instanceof Type.Struct(var fields, _)
                    && !fields.isEmpty()) {
                var input = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> {
                    if (field.required()) {
                        input.put(name, Value.text("${message." + name + "}"));
                    }
                });
                return new Value.Struct(input);
            }
        }
        return Value.struct("message", Value.text("${message}"));
    }

    /// A list of types, or types with more about each.
    private Map<String, Value> types(Section section, String key, String what) {
        var types = new LinkedHashMap<String, Value>();
        switch (section.value(key).orElse(Value.NULL)) {
            case Value.Struct(var fields) -> fields.forEach(types::put);
            case Value.Null _ -> {}
            case Value.Bool _, Value.Int _, Value.Real _, Value.Text _, Value.Array _ ->
                    section.words(key, what).forEach(type -> types.put(type, Value.Struct.EMPTY));
        }
        types.keySet().removeIf(type -> !isType(type, Report.below(section.at(key), type)));
        return types;
    }

    private boolean isType(String type, List<String> at) {
        boolean sound = TYPE.matcher(type).matches() && type.length() <= 100;
        if (!sound) {
            report.add(
                    "E-NAME-02",
                    "`"
                            + DisplayWidth.shown(type)
                            + "` is not a type of messages: those are names with dots between them",
                    at,
                    "not a type",
                    null);
        }
        return sound;
    }

    private Section keys(Value value, Keys keys, List<String> at) {
        var content =
                value instanceof Value.Null
                        ? Value.Struct.EMPTY
                        : Section.struct(value, at, "an object", report).orElse(Value.Struct.EMPTY);
        return new Section(content, keys, at, report);
    }

    // ---- a workflow

    /// Whether a workflow says that nobody directs it.
    boolean isChoreographed(Section section) {
        return section.value("mode").filter(Value.text(MODE)::equals).isPresent();
    }

    /// What a workflow without a plan says, or null where it has one.
    @Nullable Choreography choreography(Section section) {
        if (!isChoreographed(section)) {
            for (var key : List.of("opens", "until", "within", "expect", "max_messages")) {
                if (section.has(key)) {
                    report.add(
                            "E-KEY-02",
                            "`" + key + "` is for a workflow without a plan",
                            section.at(key),
                            "without `mode: choreography`",
                            "add `mode: choreography`");
                }
            }
            return null;
        }
        for (var key : List.of("tasks", "goal", "planner", "wants")) {
            if (section.has(key)) {
                report.add(
                        "E-KEY-01",
                        "a workflow that is choreographed has no `" + key + "`",
                        section.at(key),
                        "nobody plans here",
                        null);
            }
        }
        return new Choreography(
                openings(section),
                section.text("until", "a condition on the `messages`").orElse(null),
                section.duration("within").orElse(Duration.ZERO),
                section.whole("max_messages", 1, MOST_MESSAGES).orElse(Choreography.DEFAULT_MOST),
                expectations(section));
    }

    private List<Opening> openings(Section section) {
        var openings = new ArrayList<Opening>();
        section.struct("opens", "the types of messages that are said first, with their data")
                .ifPresent(types ->
                        types.fields()
                                .forEach((type, data) -> {
                                    if (isType(type, Report.below(section.at("opens"), type))) {
                                        openings.add(new Opening(type, data));
                                    }
                                }));
        return openings;
    }

    private List<Expectation> expectations(Section section) {
        var expectations = new ArrayList<Expectation>();
        var at = section.at("expect");
        var list =
                switch (section.value("expect").orElse(Value.NULL)) {
                    case Value.Array(var items) -> items;
                    case Value.Null _ -> List.<Value>of();
                    case Value.Struct one -> List.<Value>of(one);
                    case Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> {
                        section.struct("expect", "a list such as `[{ after: …, then: … }]`");
                        yield List.<Value>of();
                    }
                };
        for (int i = 0; i < list.size(); i++) {
            var keys = keys(list.get(i), Keys.EXPECT, Report.below(at, Integer.toString(i)));
            for (var key : List.of("after", "then", "within")) {
                if (!keys.has(key)) {
                    keys.missing(key, key.equals("within") ? "1m" : "the type of a message");
                }
            }
            expectations.add(
                    new Expectation(
                            keys.text("after", "the type of a message").orElse(""),
                            keys.text("then", "the type of a message").orElse(""),
                            keys.text("same", "an expression on the `message`").orElse(null),
                            keys.duration("within").orElse(Duration.ofMinutes(1))));
        }
        return expectations;
    }
}

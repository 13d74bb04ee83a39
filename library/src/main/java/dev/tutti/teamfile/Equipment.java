package dev.tutti.teamfile;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Similar;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What a team declares for its agents to think and work with: language models and toolboxes.
///
/// An agent names what it uses. The declarations are put in the place of the names, so that they
/// travel with the agent and nothing else has to know of them.
final class Equipment {
    /// Who uses models and tools.
    static final String USER = "llm";

    static final List<String> PROVIDERS =
            List.of("openai", "anthropic", "gemini", "ollama", "scripted");

    /// Where the keys of those who want one usually are.
    private static final Map<String, String> KEYS =
            Map.of(
                    "openai", "OPENAI_API_KEY",
                    "anthropic", "ANTHROPIC_API_KEY",
                    "gemini", "GEMINI_API_KEY");

    private static final List<String> TRUST = List.of("untrusted", "trusted");
    private static final List<String> FILES = List.of("image", "pdf", "audio", "video");
    private static final List<String> GRANTS = List.of("ask_person", "sampling");

    /// What a policy may name.
    private static final Map<String, Type> CALL =
            Map.of(
                    "tool",
                    new Type.Struct(
                            new LinkedHashMap<>(
                                    Map.of(
                                            "name", Type.Field.required(Type.Scalar.STRING),
                                            "toolbox", Type.Field.required(Type.Scalar.STRING),
                                            "read_only", Type.Field.required(Type.Scalar.BOOL))),
                            false),
                    "args",
                    Type.Any.ANY);

    private final Expressions expressions;
    private final Report report;
    private final BiConsumer<Value, List<String>> templates;
    private final Map<String, Value.Struct> models = new LinkedHashMap<>();
    private final Map<String, Value.Struct> toolboxes = new LinkedHashMap<>();

    /// @param templates checks the expressions of settings
    Equipment(Expressions expressions, Report report, BiConsumer<Value, List<String>> templates) {
        this.expressions = expressions;
        this.report = report;
        this.templates = templates;
    }

    /// The names of the models.
    Set<String> models() {
        return models.keySet();
    }

    /// Reads the declarations of a file.
    void read(Section file) {
        var names = new Names(report, false, Set.of(), true);
        file.named("models", "models", names)
                .forEach((name, value) ->
                        struct(value, Report.below(file.at("models"), name))
                                .ifPresent(content ->
                                        models.put(name, model(name, content, file.at("models")))));
        file.named("tools", "toolboxes", names)
                .forEach((name, value) ->
                        struct(value, Report.below(file.at("tools"), name))
                                .ifPresent(content ->
                                        toolboxes.put(
                                                name, toolbox(name, content, file.at("tools")))));
    }

    private Optional<Value.Struct> struct(Value value, List<String> at) {
        return Section.struct(value, at, "an object", report);
    }

    private Value.Struct model(String name, Value.Struct content, List<String> above) {
        var at = Report.below(above, name);
        var section = new Section(content, Keys.MODEL, at, report);
        if (!section.has("provider")) {
            section.missing("provider", "openai");
        }
        var provider = section.text("provider", "one of " + String.join(", ", PROVIDERS));
        provider.filter(word -> !PROVIDERS.contains(word))
                .ifPresent(word -> report.unknownWord(word, section.at("provider"), PROVIDERS));
        if (provider.filter("scripted"::equals).isEmpty() && !section.has("model")) {
            section.missing("model", "the name that the provider has for it");
        }
        if (!section.has("base_url") && !section.has("api_key")) {
            provider.map(KEYS::get)
                    .ifPresent(key -> section.missing("api_key", "\"${secret." + key + "}\""));
        }
        if (provider.filter("scripted"::equals).isPresent()
                && !section.has("replies")
                && !section.has("script")) {
            section.missing("replies", "[ { text: hello } ]");
        }
        section.text("base_url", "an address such as `http://127.0.0.1:8000/v1`")
                .filter(address -> !address.contains("${") && !isAddress(address))
                .ifPresent(address ->
                        report.add(
                                "E-SHAPE-01",
                                "`base_url` is an address that begins with http:// or https://",
                                section.at("base_url"),
                                "no address",
                                null));
        section.struct("price", "an object such as `{ input: 0.15, output: 0.60 }`")
                .ifPresent(price -> price(price, section.at("price")));
        amount(section, "temperature");
        section.whole("max_tokens", 1, 10_000_000);
        section.whole("context_window", 1, 100_000_000);
        section.words("files", "a list of `image`, `pdf`, `audio`, `video`").stream()
                .filter(word -> !FILES.contains(word))
                .forEach(word ->
                        report.add(
                                "E-SHAPE-01",
                                "`" + DisplayWidth.shown(word) + "` is no kind of file",
                                section.at("files"),
                                "unknown",
                                "there are " + String.join(", ", FILES)));
        section.whole("retries", 0, 10);
        section.duration("timeout");
        templates.accept(content, at);
        return Value.struct("name", Value.text(name)).with(content);
    }

    private static boolean isAddress(String text) {
        try {
            var address = URI.create(text);
            return ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void price(Value.Struct content, List<String> at) {
        var section = new Section(content, Keys.PRICE, at, report);
        for (var key : List.of("input", "output")) {
            if (!section.has(key)) {
                section.missing(key, "0.15");
            }
        }
        Keys.PRICE.known().forEach(key -> amount(section, key));
    }

    private void amount(Section section, String key) {
        section.value(key)
                .ifPresent(value -> {
                    double amount =
                            switch (value) {
                                case Value.Int(var n) -> n;
                                case Value.Real(var n) -> n;
                                case Value.Null _,
                                        Value.Bool _,
                                        Value.Text _,
                                        Value.Array _,
                                        Value.Struct _ ->
                                        Double.NaN;
                            };
                    if (Double.isNaN(amount)) {
                        report.add(Section.shape(value, section.at(key), "a number"));
                    } else if (amount < 0) {
                        report.add(
                                "E-NUM-01",
                                "`" + key + "` is not less than 0",
                                section.at(key),
                                "out of range",
                                null);
                    }
                });
    }

    private Value.Struct toolbox(String name, Value.Struct content, List<String> above) {
        var at = Report.below(above, name);
        var section = new Section(content, Keys.TOOLBOX, at, report);
        if (!section.has("uses")) {
            section.missing("uses", "mcp");
        }
        section.text("uses", "the name of what offers the tools, such as `mcp`");
        section.struct("with", "an object")
                .ifPresent(with -> templates.accept(with, section.at("with")));
        section.text("trust", "`untrusted` or `trusted`")
                .filter(word -> !TRUST.contains(word))
                .ifPresent(word -> report.unknownWord(word, section.at("trust"), TRUST));
        var read = Value.struct("name", Value.text(name)).with(content);
        return section.has("policy") ? read.with("policy", policy(section)) : read;
    }

    /// The rules in order, each an object with one decision; their conditions lose the `${…}` that
    /// they may be written with, since they are evaluated at each call and not before.
    private Value.Array policy(Section toolbox) {
        return new Value.Array(
                RulesReader.read(toolbox, report, this::condition).stream()
                        .<Value>map(rule ->
                                Value.struct(
                                        rule.decision().word(),
                                        Value.text(plain(rule.condition()))))
                        .toList());
    }

    private static String plain(String written) {
        var plain = written.strip();
        return plain.startsWith("${") && plain.endsWith("}")
                ? plain.substring(2, plain.length() - 1).strip()
                : plain;
    }

    private String condition(String written, List<String> at) {
        var plain = plain(written);
        if (plain.isEmpty() || plain.contains("${")) {
            report.add(
                    "E-CEL-01",
                    "a rule's condition is one expression",
                    at,
                    plain.isEmpty() ? "empty" : "a template",
                    "write `tool.name == 'search'`, without `${`");
            return "false";
        }
        var whole = "${" + plain + "}";
        for (var reference : expressions.references(whole)) {
            if (!CALL.containsKey(reference.variable())) {
                report.add(
                        new Fault(
                                "E-REF-01",
                                "`"
                                        + reference.variable()
                                        + "` is not known here; rules may name tool and args",
                                at,
                                null,
                                "unknown",
                                Similar.to(reference.variable(), List.of("tool", "args"))
                                        .map(near -> "write `" + near + "`")
                                        .orElse(null)));
                return plain;
            }
        }
        var checked = expressions.check(whole, name -> CALL.getOrDefault(name, Type.Any.ANY));
        for (var fault : checked.faults()) {
            report.add(
                    new Fault(
                            fault.code(), fault.message(), at, null, fault.label(), fault.help()));
        }
        if (checked.faults().isEmpty() && !Type.fits(checked.type(), Type.Scalar.BOOL)) {
            report.add(
                    "E-CEL-04",
                    "a rule's condition gives true or false, not " + checked.type(),
                    at,
                    "gives " + checked.type(),
                    null);
        }
        return plain;
    }

    /// The settings of an agent with what it names put in the place of the names.
    Value.Struct into(Value.Struct with, List<String> at) {
        var section = new Section(with, Keys.LLM, at, report);
        if (!section.has("model")) {
            section.missing("model", "the name of one of the models");
        }
        var chosen = new ArrayList<Value>();
        var names = section.words("model", "the name of a model, or a list of names");
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i);
            var model = models.get(name);
            if (model == null) {
                report.add(
                        "E-REF-11",
                        models.isEmpty()
                                ? "`" + DisplayWidth.shown(name) + "`: the team declares no models"
                                : "the team has no model `" + DisplayWidth.shown(name) + "`",
                        place(section, "model", i),
                        "unknown model",
                        near(name, models.keySet(), "add `models: { " + name + ": { … } }`"));
            } else {
                chosen.add(model);
            }
        }
        for (var grant : section.words("may", "a list of what it may do")) {
            if (!GRANTS.contains(grant)) {
                report.unknownWord(grant, section.at("may"), GRANTS);
            }
        }
        section.text("instructions", "a text");
        section.whole("max_steps", 1, 1_000);
        section.whole("max_tool_calls", 0, 10_000);
        section.whole("max_tokens", 1, 1_000_000_000);
        section.whole("repairs", 0, 10);
        section.whole("continuations", 0, 100);
        section.duration("max_wait");
        var filled = with.with("model", new Value.Array(chosen));
        return section.has("tools") ? filled.with("tools", boxes(section)) : filled;
    }

    /// The toolboxes in the order in which they are first named; what is named one by one is all
    /// that is offered of a toolbox.
    private Value.Array boxes(Section section) {
        var only = new LinkedHashMap<String, @Nullable Set<String>>();
        var names = section.words("tools", "a list of toolboxes, or of `toolbox.tool`");
        for (int i = 0; i < names.size(); i++) {
            int dot = names.get(i).indexOf('.');
            var name = dot < 0 ? names.get(i) : names.get(i).substring(0, dot);
            if (!toolboxes.containsKey(name)) {
                report.add(
                        "E-REF-12",
                        toolboxes.isEmpty()
                                ? "`" + DisplayWidth.shown(name) + "`: the team declares no tools"
                                : "the team has no toolbox `" + DisplayWidth.shown(name) + "`",
                        place(section, "tools", i),
                        "unknown toolbox",
                        near(name, toolboxes.keySet(), "add `tools: { " + name + ": { … } }`"));
            } else if (dot < 0) {
                only.put(name, null);
            } else if (!only.containsKey(name) || only.get(name) != null) {
                var some = only.get(name);
                var more = some == null ? new LinkedHashSet<String>() : some;
                more.add(names.get(i).substring(dot + 1));
                only.put(name, more);
            }
        }
        var boxes = new ArrayList<Value>();
        only.forEach((name, some) -> {
            var box = toolboxes.get(name);
            if (box != null) {
                boxes.add(some == null ? box : box.with("only", Value.from(List.copyOf(some))));
            }
        });
        return new Value.Array(boxes);
    }

    private static List<String> place(Section section, String key, int index) {
        return section.value(key).orElse(Value.NULL) instanceof Value.Array
                ? Report.below(section.at(key), Integer.toString(index))
                : section.at(key);
    }

    private static String near(String name, Set<String> known, String otherwise) {
        return Similar.to(name, List.copyOf(known))
                .map(similar -> "write `" + similar + "`")
                .orElse(known.isEmpty() ? otherwise : "it has: " + String.join(", ", known));
    }
}

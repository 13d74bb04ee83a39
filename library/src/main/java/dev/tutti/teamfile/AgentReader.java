package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Traits;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.event.Version;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Reference;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.expression.Types;
import dev.tutti.core.people.Asking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the agents of a team.
final class AgentReader {
    private static final int MOST_CONCURRENCY = 10_000;
    private static final int MOST_STEPS = 100_000;

    /// What costs nothing, whatever it does; all offline agents do so as well.
    private static final Set<String> FREE =
            Set.of(Agent.HUMAN, Agent.WORKFLOW, "planner/search", "none");

    /// What the settings of an agent may name. A task's input is laid over the run's inputs, so
    /// nothing is known of its fields.
    private static final Map<String, Type> VARIABLES =
            Map.of(
                    "input", Type.Any.ANY,
                    "env", Type.Any.ANY,
                    "secret", Type.Any.ANY,
                    "run", Type.Any.ANY);

    private final Expressions expressions;
    private final Report report;
    private final Equipment equipment;
    private final ContractReader contracts;

    AgentReader(Expressions expressions, Report report, ContractReader contracts) {
        this.contracts = contracts;
        this.expressions = expressions;
        this.report = report;
        equipment = new Equipment(expressions, report, this::settings);
    }

    /// What agents may name.
    Equipment equipment() {
        return equipment;
    }

    /// Reads what agents may name, before any of them is read.
    void equip(Section file) {
        equipment.read(file);
    }

    Optional<Agent> read(String name, Value value, List<String> at) {
        return Section.struct(value, at, "an object", report)
                .map(content -> agent(name, new Section(content, Keys.AGENT, at, report)));
    }

    private Agent agent(String name, Section section) {
        section.text("from", "the name of a Markdown file");
        var uses = section.text("uses", "the name of what performs it, such as `simulated`");
        if (!section.has("uses")) {
            section.missing("uses", "simulated");
        }
        var skills = new ArrayList<SkillId>();
        var versions = new LinkedHashMap<SkillId, Version>();
        var reader = new Skilled(report);
        for (var skill : section.words("skills", "a list of skills")) {
            reader.read(skill, section.at("skills"))
                    .ifPresent(one -> {
                        skills.add(one.skill());
                        if (one.version() != null) {
                            versions.put(one.skill(), one.version());
                        }
                    });
        }
        var labels =
                reader.labels(section.words("labels", "a list of labels"), section.at("labels"));
        var with = section.struct("with", "an object").orElse(Value.Struct.EMPTY);
        settings(with, section.at("with"));
        if (uses.orElse("").equals(Agent.HUMAN)) {
            people(with, section.at("with"));
        }
        if (uses.orElse("").equals(Equipment.USER)) {
            with = equipment.into(with, section.at("with"));
        }
        with = held(with, uses.orElse(""), section);
        var effects = PolicyReader.effects(section, report);
        var agent =
                new Agent(
                        new AgentId(name),
                        skills.stream().distinct().toList(),
                        uses.orElse("none"),
                        with,
                        limits(section),
                        effects == null ? Task.Effects.IDEMPOTENT : effects,
                        price(section, uses.orElse("")));
        return contracts.read(agent.with(new Traits(labels, versions, trust(section))), section);
    }

    /// A sandbox holds its command to the memory that the agent declares, unless it says otherwise.
    private static Value.Struct held(Value.Struct with, String uses, Section agent) {
        boolean strict =
                uses.equals("process")
                        && with.get("sandbox") instanceof Value.Text(var sandbox)
                        && sandbox.equals("strict");
        var own = with.get("limits") instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
        return strict
                        && own.get("memory") == null
                        && agent.value("limits").orElse(Value.NULL) instanceof Value.Struct limits
                        && limits.get("memory") instanceof Value.Text(var memory)
                        && memory.matches("\\d{1,9} ?[KMG]iB")
                ? with.with("limits", own.with("memory", Value.text(memory)))
                : with;
    }

    /// What one attempt is expected to take.
    private Agent.Price price(Section agent, String uses) {
        var free = uses.startsWith("local/") || FREE.contains(uses) ? Money.ZERO : null;
        return agent.struct("price", "an object such as `{ usd: 0.01, time: 3s, success: 0.95 }`")
                .map(content -> {
                    var section =
                            new Section(content, Keys.ATTEMPT_PRICE, agent.at("price"), report);
                    return new Agent.Price(
                            section.money("usd").orElse(free),
                            section.duration("time").orElse(null),
                            section.share("success").orElse(null));
                })
                .orElse(free == null ? Agent.Price.UNKNOWN : new Agent.Price(free, null, null));
    }

    /// How a human agent asks; what holds expressions is seen when it asks.
    private void people(Value.Struct with, List<String> at) {
        var plain = new LinkedHashMap<>(with.fields());
        plain.entrySet()
                .removeIf(one ->
                        Asking.KEYS.contains(one.getKey())
                                && !expressions.references(one.getValue()).isEmpty());
        try {
            Asking.of(new Value.Struct(plain));
        } catch (IllegalArgumentException e) {
            report.add(
                    "E-PEOPLE-02",
                    String.valueOf(e.getMessage()),
                    at,
                    "how people are asked",
                    null);
        }
    }

    /// How far the team trusts it; 0 where nothing is said.
    private double trust(Section section) {
        return section.value("trust")
                .map(value -> {
                    double trust =
                            switch (value) {
                                case Value.Int(var number) -> number;
                                case Value.Real(var number) -> number;
                                case Value.Null _,
                                        Value.Bool _,
                                        Value.Text _,
                                        Value.Array _,
                                        Value.Struct _ ->
                                        -1;
                            };
                    if (trust >= 0 && trust <= 1) {
                        return trust;
                    }
                    report.add(Section.shape(value, section.at("trust"), "a number from 0 to 1"));
                    return 0.0;
                })
                .orElse(0.0);
    }

    private Agent.Limits limits(Section agent) {
        return agent.struct("limits", "an object such as `{ concurrency: 8, timeout: 60s }`")
                .map(content -> {
                    var section = new Section(content, Keys.LIMITS, agent.at("limits"), report);
                    int concurrency =
                            section.whole("concurrency", 1, MOST_CONCURRENCY)
                                    .orElse(Agent.Limits.DEFAULT.concurrency());
                    Duration timeout = section.duration("timeout").orElse(null);
                    Duration idle = section.duration("idle").orElse(null);
                    return new Agent.Limits(concurrency, timeout, idle, effort(section));
                })
                .orElse(Agent.Limits.DEFAULT);
    }

    private static Agent.Effort effort(Section limits) {
        return new Agent.Effort(
                limits.whole("steps", 1, MOST_STEPS).orElse(null),
                limits.whole("tokens", 1, Integer.MAX_VALUE).map(Integer::longValue).orElse(null),
                limits.money("usd").orElse(null));
    }

    private void settings(Value value, List<String> at) {
        switch (value) {
            case Value.Text(var text) -> template(text, at);
            case Value.Array(var items) -> {
                for (int i = 0; i < items.size(); i++) {
                    settings(items.get(i), Report.below(at, Integer.toString(i)));
                }
            }
            case Value.Struct(var fields) ->
                    fields.forEach((name, field) -> settings(field, Report.below(at, name)));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> {}
        }
    }

    private void template(String text, List<String> at) {
        for (var reference : expressions.references(text)) {
            var variable = reference.variable();
            if (!VARIABLES.containsKey(variable)) {
                report.add(
                        fault(
                                "E-REF-01",
                                "`"
                                        + variable
                                        + "` is not known here; settings may name input, env, secret and run",
                                at,
                                reference,
                                "unknown",
                                Similar.to(variable, List.of("input", "env", "secret", "run"))
                                        .map(near -> "write `" + near + "`")
                                        .orElse(null)));
            } else if (variable.equals("secret") && !standsAlone(text, reference)) {
                report.add(
                        fault(
                                "E-REF-09",
                                "a secret is only put in its place, never computed with",
                                at,
                                reference,
                                "in an expression",
                                "write `${secret.NAME}`"));
            } else if (variable.equals("env") && reference.path().size() != 1) {
                report.add(
                        fault(
                                "E-REF-09",
                                "`env` is followed by the name of a variable of the environment",
                                at,
                                reference,
                                "which one?",
                                "write `${env.NAME}`"));
            }
        }
        Types types = name -> VARIABLES.getOrDefault(name, Type.Any.ANY);
        for (var fault : expressions.check(text, types).faults()) {
            report.add(
                    new Fault(
                            fault.code(),
                            fault.message(),
                            at,
                            fault.span(),
                            fault.label(),
                            fault.help()));
        }
    }

    /// Whether the reference is all there is between `${` and `}`.
    private static boolean standsAlone(String text, Reference reference) {
        var before = text.substring(0, reference.span().from()).stripTrailing();
        var after = text.substring(reference.span().to()).stripLeading();
        return reference.path().size() == 1 && before.endsWith("${") && after.startsWith("}");
    }

    private static Fault fault(
            String code,
            String message,
            List<String> at,
            Reference reference,
            String label,
            @Nullable String help) {
        return new Fault(code, message, at, reference.span(), label, help);
    }
}

package dev.tutti.planning;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.TeamFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Plans that a real model wrote, and a team that has the tools which they use more than once or
/// twice: others are taken for invented.
final class LlmPlans {
    static final List<String> SOURCES = List.of("huggingface", "multimedia");
    private static final int USED_OFTEN = 3;

    private final List<Value.Struct> plans;
    private final Proposals.Known known;
    private final Value.Struct team;

    private LlmPlans(List<Value.Struct> plans) {
        this.plans = plans;
        var uses = new TreeMap<String, Integer>();
        for (var plan : plans) {
            for (var node : nodes(plan)) {
                uses.merge(Draft.id(node.text("task")), 1, Integer::sum);
            }
        }
        var skills = new LinkedHashMap<String, Skill>();
        uses.forEach((id, times) -> {
            if (times >= USED_OFTEN) {
                skills.put(id, Skill.undeclared(new SkillId(id)));
            }
        });
        known = new Proposals.Known(skills, List.of());
        team = team(skills.keySet().stream().toList());
    }

    static Value.Struct team(List<String> skills) {
        return Value.struct(
                "tutti",
                Value.of(1),
                "agents",
                Value.struct(
                        "worker",
                        Value.struct(
                                "skills",
                                new Value.Array(skills.stream().<Value>map(Value::text).toList()),
                                "uses",
                                Value.text("simulated"))));
    }

    /// The plans of a source, or nothing where the data is not here.
    static Optional<LlmPlans> of(String source) {
        return folder().map(folder -> folder.resolve("llm-plans." + source + ".jsonl"))
                .map(file -> {
                    try (var lines = Files.lines(file)) {
                        return new LlmPlans(
                                lines.map(line -> (Value.Struct) Json.parse(line)).toList());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private static Optional<Path> folder() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var data = at.resolve("../shared/data/dags").normalize();
            if (Files.isDirectory(data)) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }

    List<Value.Struct> plans() {
        return plans;
    }

    Proposals.Known known() {
        return known;
    }

    static List<Value.Struct> nodes(Value.Struct plan) {
        return structs(plan, "task_nodes");
    }

    static List<Value.Struct> structs(Value.Struct plan, String key) {
        return plan.get(key) instanceof Value.Array(var items)
                ? items.stream().map(Value.Struct.class::cast).toList()
                : List.of();
    }

    /// What became of a plan.
    ///
    /// @param faults empty when it may run
    record Verdict(Proposals.Reading reading, Value.Struct document, List<Fault> faults) {
        String word() {
            return !faults.isEmpty()
                    ? "rejected"
                    : reading.repairs().isEmpty() ? "accepted" : "repaired";
        }
    }

    /// Reads a plan and checks it as a workflow of the team.
    Verdict judge(Value plan) {
        return judge(plan, known, team);
    }

    static Verdict judge(Value plan, Proposals.Known known, Value.Struct team) {
        var reading = Proposals.read(plan, known);
        var faults = new ArrayList<>(reading.faults());
        var document = team;
        if (reading.proposal() != null) {
            document =
                    team.with(
                            "workflows",
                            Value.struct(
                                    "proposed", Value.struct("tasks", reading.proposal().tasks())));
            TeamFile.faultsOf(document).stream()
                    .filter(fault -> !fault.isWarning())
                    .forEach(faults::add);
        }
        return new Verdict(reading, document, List.copyOf(new LinkedHashSet<>(faults)));
    }
}

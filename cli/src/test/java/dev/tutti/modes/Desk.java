package dev.tutti.modes;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The desk of examples/modes: what it is asked and what it answers, with agents that are processes
/// of their own if wanted, and in a process of its own.
final class Desk {
    static final Path FILE = Path.of("../examples/modes/team.yaml");
    static final Duration PATIENCE = Duration.ofMinutes(1);
    static final List<String> ASKED =
            List.of("The bill of May is too high", "The pump is broken", "Thank you all");
    static final List<String> ANSWERERS = List.of("biller", "mechanic", "clerk");
    static final List<String> ANSWERED =
            List.of(
                    "On bills: we look into \"The bill of May is too high\".",
                    "On repairs: we look into \"The pump is broken\".",
                    "On other: we look into \"Thank you all\".");

    private Desk() {}

    static Tutti open(Path store, Team team) throws InterruptedException {
        var tutti = Tutti.open(store);
        tutti.topics().deploy("desk", FILE.toString(), team);
        return tutti;
    }

    /// Asks one thing after the other, so many in all, and waits for none.
    static List<Run> ask(Tutti tutti, Team team, String workflow, int runs)
            throws InterruptedException {
        var all = new ArrayList<Run>();
        for (int i = 0; i < runs; i++) {
            all.add(tutti.submit(team.goal(workflow, Map.of("text", ASKED.get(i % ASKED.size())))));
        }
        return all;
    }

    static String sent(Value output) {
        return output instanceof Value.Struct struct
                        && struct.get("sent") instanceof Value.Text(var text)
                ? text
                : output instanceof Value.Text(var text) ? text : output.toString();
    }

    /// The same team, each attempt of whose agents is a process of its own; so is the planner of
    /// `goal`, an agent `planner`.
    ///
    /// @param more arguments of the program
    static Team ofProcesses(Path folder, List<String> more) throws IOException {
        var script = folder.resolve("desk.py");
        try (var program = Desk.class.getResourceAsStream("desk.py")) {
            if (program == null) {
                throw new IOException("desk.py is missing");
            }
            Files.write(script, program.readAllBytes());
        }
        var document = Team.read(FILE).document();
        var agents = new LinkedHashMap<String, Value>();
        if (document.get("agents") instanceof Value.Struct declared) {
            var planner = Value.struct("skills", Value.array());
            declared.with("planner", planner)
                    .fields()
                    .forEach((name, agent) -> {
                        var command = new ArrayList<>(List.of("python3", script.toString(), name));
                        command.addAll(more);
                        var with =
                                Value.struct(
                                        "command",
                                        Value.from(command),
                                        "output",
                                        Value.text("json"));
                        agents.put(
                                name,
                                ((Value.Struct) agent)
                                        .with("uses", Value.text("process"))
                                        .with("with", with));
                    });
        }
        var file = folder.resolve("processes.yaml");
        var workflows = (Value.Struct) Objects.requireNonNull(document.get("workflows"));
        var goal = (Value.Struct) Objects.requireNonNull(workflows.get("goal"));
        var planned = workflows.with("goal", goal.with("planner", Value.text("planner")));
        Files.writeString(
                file,
                Json.text(
                        document.with("agents", new Value.Struct(agents))
                                .with("workflows", planned)));
        return Team.read(file);
    }

    /// A process that is asked so many things and goes on until somebody ends it.
    public static void main(String[] arguments) throws Exception {
        var team = Team.read(FILE);
        try (var tutti = open(Path.of(arguments[0]), team)) {
            ask(tutti, team, arguments[1], Integer.parseInt(arguments[2]));
            System.out.println("asked");
            Thread.sleep(PATIENCE);
        }
    }
}

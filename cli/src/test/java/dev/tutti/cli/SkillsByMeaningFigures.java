package dev.tutti.cli;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.NearestSkills;
import dev.tutti.teamfile.TeamFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// The 260 tools of UltraTool with their descriptions, and what its plans want of them, step by
/// step, in their own words.
///
/// @param described tools by their names
/// @param steps what is asked for, with the name of the tool that was meant
record SkillsByMeaningFigures(SequencedMap<String, String> described, List<Step> steps) {
    private static final Pattern STEP = Pattern.compile("Step \\d+:? Call (\\w+) to (.*)");

    /// What is asked for, and the skill that is meant.
    record Step(String meant, String words) {}

    /// What came of asking.
    ///
    /// @param right the right skill was taken
    /// @param wrong another was taken
    /// @param astray where nobody had the right one, another was taken
    record Counts(int asked, int right, int wrong, int astray) {
        String row() {
            return "%.1f %% | %.1f %% | %.1f %%"
                    .formatted(
                            100.0 * right / asked, 100.0 * wrong / asked, 100.0 * astray / asked);
        }
    }

    /// The data, or nothing where it is not here.
    static Optional<SkillsByMeaningFigures> read() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var data = at.resolve("../shared/data/dags").normalize();
            if (Files.isDirectory(data)) {
                return Optional.of(read(data));
            }
        }
        return Optional.empty();
    }

    private static SkillsByMeaningFigures read(Path folder) {
        try {
            var tools = new LinkedHashMap<String, String>();
            var all = Json.parse(Files.readAllBytes(folder.resolve("ultratool.tools.json")));
            for (var node : items(all, "nodes")) {
                tools.put(text(node, "id"), text(node, "desc"));
            }
            var steps = new LinkedHashMap<String, Step>();
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    new GZIPInputStream(
                                            Files.newInputStream(
                                                    folder.resolve("ultratool.jsonl.gz"))),
                                    StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    for (var step : items(Json.parse(line), "task_steps")) {
                        var found = STEP.matcher(((Value.Text) step).value());
                        if (found.matches() && tools.containsKey(found.group(1))) {
                            steps.putIfAbsent(
                                    found.group(2), new Step(found.group(1), found.group(2)));
                        }
                    }
                }
            }
            var shuffled = new ArrayList<>(steps.values());
            Collections.shuffle(shuffled, new Random(1));
            return new SkillsByMeaningFigures(tools, shuffled);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Value> items(Value of, String key) {
        return of instanceof Value.Struct struct && struct.get(key) instanceof Value.Array array
                ? array.items()
                : List.of();
    }

    private static String text(Value of, String key) {
        return of instanceof Value.Struct struct && struct.get(key) instanceof Value.Text text
                ? text.value()
                : "";
    }

    /// Asks teams of so many skills, drawn by chance, the right one among them and then not.
    Counts ask(List<Step> some, int size, double above, boolean withDescriptions) {
        var random = new Random(7);
        int right = 0;
        int wrong = 0;
        int astray = 0;
        for (var step : some) {
            var others = new ArrayList<>(described.keySet());
            others.remove(step.meant());
            Collections.shuffle(others, random);
            var team = new ArrayList<>(others.subList(0, size - 1));
            var without = team(team, above, withDescriptions).take(step.words());
            astray += without.isPresent() ? 1 : 0;
            team.add(step.meant());
            var with = team(team, above, withDescriptions).take(step.words());
            if (with.isPresent()) {
                boolean same = with.get().skill().value().equals(step.meant());
                right += same ? 1 : 0;
                wrong += same ? 0 : 1;
            }
        }
        return new Counts(some.size(), right, wrong, astray);
    }

    private NearestSkills team(List<String> names, double above, boolean withDescriptions) {
        var skills = new LinkedHashMap<String, Object>();
        if (withDescriptions) {
            names.forEach(name ->
                    skills.put(name, Map.of("description", described.getOrDefault(name, ""))));
        }
        var document =
                Map.of(
                        "tutti",
                        1,
                        "dispatch",
                        Map.of("match", "meaning", "above", above),
                        "skills",
                        skills,
                        "agents",
                        Map.of("desk", Map.of("skills", names, "uses", "simulated")));
        return NearestSkills.of(TeamFile.fromDocument((Value.Struct) Value.from(document)));
    }
}

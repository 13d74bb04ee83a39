package dev.tutti.agents.local.planner;

import dev.tutti.agents.local.planner.Repertoire.PastPlan;
import dev.tutti.agents.local.planner.Shape.Link;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Plans that were tried, in a file of JSON lines that people can read, edit and hand on:
///
///     {"request":"…","skills":["fetch","write"],"links":[["fetch","write"]],"served":true,"run":"R1"}
///
/// Lines are only added. A line without `served` is a plan somebody wrote as an example. Of lines
/// with the same request, plan and run the last counts.
final class PlanLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(PlanLibrary.class);

    /// Plans that are gone by, the latest where there are more.
    private static final int MOST_PLANS = 10_000;

    private static final int MOST_SKILLS = 100;
    private static final int LONGEST_REQUEST = 4_000;

    private final Path file;

    PlanLibrary(Path file) {
        this.file = file;
    }

    /// What became of a plan.
    ///
    /// @param served whether it did what was asked
    /// @param run where
    record Trial(String request, Shape plan, boolean served, String run) {}

    /// Adds a line. On disk when this returns.
    void keep(Trial trial) throws IOException {
        var parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        var links = new ArrayList<Value>();
        trial.plan()
                .links()
                .forEach(link ->
                        links.add(Value.array(Value.text(link.from()), Value.text(link.to()))));
        var line =
                Value.struct(
                        "request", Value.text(shortened(trial.request())),
                        "skills", Value.from(trial.plan().skills()),
                        "links", new Value.Array(links),
                        "served", Value.of(trial.served()),
                        "run", Value.text(trial.run()));
        Files.write(
                file,
                (Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
    }

    /// All plans, each once; none where there is no file. A line that cannot be read is passed over
    /// and logged.
    List<PastPlan> plans() throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        record Key(String request, Shape plan) {}
        var outcomes = new LinkedHashMap<Key, LinkedHashMap<String, Boolean>>();
        int number = 0;
        try (var lines = Files.lines(file)) {
            for (var line : (Iterable<String>) lines::iterator) {
                number++;
                var read = read(line);
                if (read.isEmpty()) {
                    if (!line.isBlank()) {
                        LOG.warn("line {} of {} is no plan", number, file);
                    }
                    continue;
                }
                var trial = read.get();
                var key = new Key(trial.request(), trial.plan());
                var known = outcomes.remove(key);
                var runs = known == null ? new LinkedHashMap<String, Boolean>() : known;
                if (!trial.run().isEmpty()) {
                    runs.put(trial.run(), trial.served());
                }
                outcomes.put(key, runs);
            }
        }
        return outcomes.entrySet().stream()
                .skip(Math.max(0, outcomes.size() - MOST_PLANS))
                .map(one -> {
                    int served = (int) one.getValue().values().stream().filter(ok -> ok).count();
                    return new PastPlan(
                            one.getKey().request(),
                            one.getKey().plan(),
                            served,
                            one.getValue().size() - served);
                })
                .toList();
    }

    private static Optional<Trial> read(String line) {
        try {
            if (!(Json.parse(line) instanceof Value.Struct struct)
                    || !(struct.get("request") instanceof Value.Text(var request))) {
                return Optional.empty();
            }
            var skills = texts(struct.get("skills"));
            if (skills.isEmpty() || skills.size() > MOST_SKILLS) {
                return Optional.empty();
            }
            var run = struct.get("run") instanceof Value.Text(var name) ? name : "";
            return Optional.of(
                    new Trial(
                            request,
                            shape(skills, struct.get("links")),
                            Value.of(true).equals(struct.get("served")),
                            run));
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    /// Without links, the skills come one after the other.
    private static Shape shape(List<String> skills, @Nullable Value written) {
        if (!(written instanceof Value.Array(var items))) {
            return Shape.chain(skills);
        }
        var links = new LinkedHashSet<Link>();
        for (var item : items) {
            var ends = texts(item);
            if (ends.size() == 2 && skills.containsAll(ends)) {
                links.add(new Link(ends.get(0), ends.get(1)));
            }
        }
        return new Shape(List.copyOf(new LinkedHashSet<>(skills)), links);
    }

    private static List<String> texts(@Nullable Value value) {
        var texts = new ArrayList<String>();
        if (value instanceof Value.Array(var items)) {
            for (var item : items) {
                if (item instanceof Value.Text(var text)) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static String shortened(String request) {
        return request.substring(0, Math.min(request.length(), LONGEST_REQUEST));
    }
}

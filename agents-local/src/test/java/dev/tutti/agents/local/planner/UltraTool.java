package dev.tutti.agents.local.planner;

import dev.tutti.agents.local.planner.Repertoire.PastPlan;
import dev.tutti.agents.local.planner.Shape.Link;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.json.JsonMapper;

/// Requests of users with the tools that meet them (UltraTool), where that data is at hand.
///
/// @param tools that there are
/// @param requests in the order of the file
record UltraTool(List<Tool> tools, List<Request> requests) {
    private static final JsonMapper JSON = JsonMapper.shared();

    record Tool(String name, String description) {}

    record Request(String text, Shape truth) {
        PastPlan past() {
            return new PastPlan(text, truth, 1, 0);
        }
    }

    /// The data, looked for beside this project and above; empty, and said so, where it is not.
    static Optional<UltraTool> read() throws IOException {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var data = at.resolve("../shared/data/dags").normalize();
            if (Files.isRegularFile(data.resolve("ultratool.jsonl.gz"))) {
                return Optional.of(read(data));
            }
        }
        System.err.println("SKIPPED: planning is not measured, ../shared/data/dags is not here");
        return Optional.empty();
    }

    private static UltraTool read(Path data) throws IOException {
        var tools = new ArrayList<Tool>();
        JSON.readTree(Files.readString(data.resolve("ultratool.tools.json")))
                .path("nodes")
                .forEach(tool ->
                        tools.add(
                                new Tool(
                                        tool.path("id").asString(), tool.path("desc").asString())));
        var requests = new ArrayList<Request>();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        Files.newInputStream(data.resolve("ultratool.jsonl.gz"))),
                                StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var request = JSON.readTree(line);
                var nodes = new LinkedHashSet<String>();
                request.path("task_nodes").forEach(node -> nodes.add(node.path("task").asString()));
                var links = new LinkedHashSet<Link>();
                request.path("task_links")
                        .forEach(link ->
                                links.add(
                                        new Link(
                                                link.path("source").asString(),
                                                link.path("target").asString())));
                requests.add(
                        new Request(
                                request.path("user_request").asString(),
                                new Shape(List.copyOf(nodes), links)));
            }
        }
        return new UltraTool(tools, requests);
    }

    /// A repertoire of the tools and of every second request, beginning with the first.
    Repertoire learnt(boolean byMeaning) {
        var repertoire = new Repertoire(byMeaning);
        tools.forEach(tool -> repertoire.skill(tool.name(), tool.description()));
        for (int i = 0; i < requests.size(); i += 2) {
            repertoire.plan(requests.get(i).past());
        }
        return repertoire;
    }

    /// The requests that were not learnt from, `most` of them.
    List<Request> heldOut(int most) {
        var held = new ArrayList<Request>();
        for (int i = 1; i < requests.size() && held.size() < most; i += 2) {
            held.add(requests.get(i));
        }
        return held;
    }
}

package dev.tutti.server.view;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.document.Leaderboard;
import dev.tutti.runtime.dispatch.Switches;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the API says of agents and of plans that have not begun.
public final class AgentPages {
    /// The newest runs, which say how agents do.
    private static final int RUNS = 50;

    /// Runs with more events than this are not read for it.
    private static final long LONGEST = 20_000;

    private final Views views;
    private final RunPages runs;

    public AgentPages(Views views, RunPages runs) {
        this.views = views;
        this.runs = runs;
    }

    /// The tasks of a workflow as they would be planned.
    public static Value.Struct plan(Workflow workflow) {
        var tasks = new LinkedHashMap<String, List<String>>();
        workflow.tasks().forEach(task -> tasks.put(task.name(), task.dependencies()));
        var layers = Rows.layers(tasks);
        return Value.struct(
                "tasks",
                new Value.Array(
                        workflow.tasks().stream().<Value>map(task -> row(task, layers)).toList()),
                "layers",
                Value.of(layers.values().stream().mapToInt(layer -> layer + 1).max().orElse(0)));
    }

    private static Value row(Task task, Map<String, Integer> layers) {
        return Rows.declared(task, layers.getOrDefault(task.name(), 0));
    }

    private static final class Doings {
        int running;
        int attempts;
        int failed;
        Usage usage = Usage.NONE;
        @Nullable Failure lastFailure;
        final List<Long> took = new ArrayList<>();
    }

    /// Agents, and what the newest runs say of them.
    ///
    /// @param off those that are switched off
    public Value.Struct list(
            List<Agent> team, Leaderboard leaderboard, Map<AgentId, Switches.Off> off) {
        var records = new LinkedHashMap<AgentId, Doings>();
        team.forEach(agent -> records.put(agent.id(), new Doings()));
        off.keySet().forEach(agent -> records.put(agent, new Doings()));
        for (var run : runs.newest(RUNS)) {
            see(run, records);
        }
        var profiles = new LinkedHashMap<AgentId, Agent>();
        team.forEach(agent -> profiles.put(agent.id(), agent));
        var rows = new ArrayList<Value>();
        records.forEach((agent, doings) ->
                rows.add(
                        row(agent, profiles.get(agent), doings)
                                .with("disabled", Leaderboard.disabled(off.get(agent)))
                                .with(
                                        "records",
                                        new Value.Array(
                                                leaderboard.of(agent.value()).stream()
                                                        .<Value>map(record ->
                                                                Leaderboard.document(
                                                                        record, leaderboard.at()))
                                                        .toList()))));
        return Value.struct("runs", Value.of(RUNS), "agents", new Value.Array(rows));
    }

    private void see(RunId run, Map<AgentId, Doings> records) {
        if (views.now(run, RunFold::sequence) > LONGEST) {
            return;
        }
        views.tasks(
                run,
                Long.MAX_VALUE,
                (fold, log) -> {
                    log.agents()
                            .forEach((agent, tally) -> {
                                var doings = records.computeIfAbsent(agent, _ -> new Doings());
                                doings.running += TaskPages.running(fold.state(), agent);
                                doings.attempts += tally.attempts;
                                doings.failed += tally.failed;
                                doings.usage = doings.usage.plus(tally.usage);
                                doings.took.addAll(tally.took);
                                if (doings.lastFailure == null) {
                                    doings.lastFailure = tally.lastFailure;
                                }
                            });
                    return run;
                });
    }

    private static Value.Struct row(AgentId id, @Nullable Agent agent, Doings doings) {
        var row = new LinkedHashMap<String, Value>();
        row.put("agent", Rows.text(id));
        row.put("in_team", Value.of(agent != null));
        row.put(
                "skills",
                agent == null
                        ? Value.Array.EMPTY
                        : Rows.names(agent.skills().stream().map(skill -> skill.value()).toList()));
        row.put("uses", Rows.text(agent == null ? null : agent.uses()));
        row.put("limits", agent == null ? Value.NULL : limits(agent.limits()));
        row.put("effects", agent == null ? Value.NULL : Value.text(agent.effects().word()));
        row.put("running", Value.of(doings.running));
        row.put("attempts", Value.of(doings.attempts));
        row.put("failed", Value.of(doings.failed));
        row.put("cost", RunDocument.cost(doings.usage));
        row.put("p50_ms", p50(doings.took));
        row.put("last_failure", Rows.failure(doings.lastFailure));
        return new Value.Struct(row);
    }

    private static Value p50(List<Long> took) {
        return took.isEmpty()
                ? Value.NULL
                : Value.of(took.stream().sorted().skip(took.size() / 2).findFirst().orElse(0L));
    }

    private static Value limits(Agent.Limits limits) {
        var timeout = limits.timeout();
        var idle = limits.idle();
        return Value.struct(
                "concurrency",
                Value.of(limits.concurrency()),
                "timeout_ms",
                timeout == null ? Value.NULL : Value.of(timeout.toMillis()),
                "idle_ms",
                idle == null ? Value.NULL : Value.of(idle.toMillis()));
    }
}

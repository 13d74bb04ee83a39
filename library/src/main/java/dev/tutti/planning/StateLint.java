package dev.tutti.planning;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds what several attempts at once may change: toolboxes, folders and notes.
final class StateLint {
    /// Names of tools that change nothing.
    private static final Pattern READING =
            Pattern.compile("read|get|list|search|find|query|fetch|look|show|count|describe");

    /// Methods of HTTP that change what is there already.
    private static final Set<String> CHANGING = Set.of("PUT", "PATCH", "DELETE");

    private final Team team;
    private final Value.Struct document;
    private final Workflow workflow;
    private final List<Fault> found = new ArrayList<>();

    private StateLint(Team team, Value.Struct document, Workflow workflow) {
        this.team = team;
        this.document = document;
        this.workflow = workflow;
    }

    /// What is found of a workflow.
    ///
    /// @param document that the team was read from
    static List<Fault> of(Team team, Value.Struct document, Workflow workflow) {
        var lint = new StateLint(team, document, workflow);
        lint.outside();
        lint.notes();
        return List.copyOf(lint.found);
    }

    /// A task that may change something.
    ///
    /// @param agents who may change it when they do the task
    private record User(Task task, List<Agent> agents) {
        private boolean isWide() {
            return task.each() != null && task.max() > 1;
        }
    }

    // ---- toolboxes and folders

    private void outside() {
        var users = new LinkedHashMap<String, List<User>>();
        for (var task : workflow.tasks()) {
            var agents = new LinkedHashMap<String, List<Agent>>();
            for (var agent : Match.capable(team.agents(), task.performer())) {
                for (var state : state(agent)) {
                    agents.computeIfAbsent(state, _ -> new ArrayList<>()).add(agent);
                }
            }
            agents.forEach((state, who) ->
                    users.computeIfAbsent(state, _ -> new ArrayList<>()).add(new User(task, who)));
        }
        users.forEach((state, all) -> {
            var who = new LinkedHashSet<String>();
            for (var one : all) {
                if (one.isWide()
                        && places(List.of(one)) > 1
                        && one.task().flow().locks().isEmpty()) {
                    who.add("the items of " + one.task().name());
                }
                for (var other : all) {
                    boolean atOnce = !one.equals(other) && places(List.of(one, other)) > 1;
                    if (atOnce && atOnce(one.task(), other.task()) && !isLocked(one, other)) {
                        who.add(one.task().name());
                    }
                }
            }
            if (!who.isEmpty()) {
                add(
                        "several attempts at once may change "
                                + state
                                + ": "
                                + String.join(", ", who),
                        task(who.getFirst()),
                        "no lock",
                        "give each of these tasks `locks: [\"…\"]` with one name, or each a folder of its own");
            }
        });
    }

    private static String task(String who) {
        return who.substring(who.lastIndexOf(' ') + 1);
    }

    /// How many attempts there may be at once.
    private static int places(List<User> users) {
        return users.stream()
                .flatMap(user -> user.agents().stream())
                .distinct()
                .mapToInt(agent -> agent.limits().concurrency())
                .sum();
    }

    /// Whether a lock keeps two tasks apart. What an expression names nobody knows, so it may.
    private static boolean isLocked(User one, User other) {
        var locks = one.task().flow().locks();
        var others = other.task().flow().locks();
        boolean open =
                locks.stream().anyMatch(lock -> lock.contains("${"))
                        || others.stream().anyMatch(lock -> lock.contains("${"));
        return !locks.isEmpty()
                && !others.isEmpty()
                && (open || !Collections.disjoint(locks, others));
    }

    private boolean atOnce(Task one, Task other) {
        return !Order.before(workflow, one.name()).contains(other.name())
                && !Order.before(workflow, other.name()).contains(one.name());
    }

    /// What an agent can change that others see, in words.
    private List<String> state(Agent agent) {
        var state = new ArrayList<String>();
        if (agent.settings().get("tools") instanceof Value.Array(var tools)) {
            for (var tool : tools) {
                if (tool instanceof Value.Struct box
                        && box.get("name") instanceof Value.Text(var name)
                        && writes(name, box)) {
                    state.add("what toolbox `" + name + "` works on");
                }
            }
        }
        if (agent.uses().equals("process")
                && agent.settings().get("workspace") instanceof Value.Text(var folder)
                && !folder.equals("fresh")
                && !folder.contains("${")) {
            state.add("folder `" + folder + "`");
        }
        return state;
    }

    /// Whether an agent may change something with what it is offered of a toolbox.
    private boolean writes(String toolbox, Value.Struct offered) {
        if (!(document.get("tools") instanceof Value.Struct boxes)
                || !(boxes.get(toolbox) instanceof Value.Struct box)
                || !(box.get("uses") instanceof Value.Text(var uses))) {
            return false;
        }
        return switch (uses) {
            case "sql" ->
                    box.get("with") instanceof Value.Struct with
                            && Value.of(true).equals(with.get("write"));
            case "mcp" -> !only(offered).stream().allMatch(StateLint::reads) || all(offered);
            case "http" -> changes(box, offered);
            default -> false;
        };
    }

    private static boolean reads(String tool) {
        return READING.matcher(tool).lookingAt();
    }

    private static boolean all(Value.Struct offered) {
        return !(offered.get("only") instanceof Value.Array);
    }

    private static List<String> only(Value.Struct offered) {
        return offered.get("only") instanceof Value.Array(var names)
                ? names.stream()
                        .map(name -> name instanceof Value.Text(var text) ? text : "")
                        .toList()
                : List.of();
    }

    /// Whether one of the requests that the agent may make changes what is there already.
    private static boolean changes(Value.Struct box, Value.Struct offered) {
        return box.get("with") instanceof Value.Struct with
                && with.get("tools") instanceof Value.Array(var tools)
                && tools.stream()
                        .anyMatch(tool ->
                                tool instanceof Value.Struct one
                                        && one.get("method") instanceof Value.Text(var method)
                                        && CHANGING.contains(method)
                                        && one.get("name") instanceof Value.Text(var name)
                                        && (all(offered) || only(offered).contains(name)));
    }

    // ---- notes

    /// Notes of the whole run that several write at once, of whom the last one wins.
    private void notes() {
        Map<String, List<Task>> writers = new LinkedHashMap<>();
        for (var task : workflow.tasks()) {
            for (var write : task.sharing().writes()) {
                if (isLastWins(write)) {
                    writers.computeIfAbsent(write.key(), _ -> new ArrayList<>()).add(task);
                }
            }
        }
        writers.forEach((key, tasks) -> {
            var who = new LinkedHashSet<String>();
            for (var one : tasks) {
                if (one.each() != null && one.max() > 1) {
                    who.add("the items of " + one.name());
                }
                if (tasks.stream().anyMatch(other -> !other.equals(one) && atOnce(one, other))) {
                    who.add(one.name());
                }
            }
            if (!who.isEmpty()) {
                add(
                        "several attempts at once write note `"
                                + key
                                + "`, and what the last one writes is kept: "
                                + String.join(", ", who),
                        task(who.getFirst()),
                        "the last one wins",
                        "keep all of it with `notes: { "
                                + key
                                + ": append }` (or `max`, `merge`), or write with `expect: read`");
            }
        });
    }

    /// Whether a write takes the place of whatever is there. A task's own notes are its own affair.
    private static boolean isLastWins(Sharing.Write write) {
        return write.by().equals(Sharing.Reducer.LAST)
                && write.value() != null
                && write.expect() == null
                && !write.key().contains(".");
    }

    private void add(String message, String task, String label, String help) {
        var at = List.of("workflows", workflow.name(), "tasks", task);
        found.add(new Fault("W-LINT-04", message, at, null, label, help));
    }
}

package dev.tutti.server.view;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.view.RunDocument;
import dev.tutti.view.TaskOverview;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A run as it ran: fan-outs unrolled into their items, and each further attempt, iteration, turn
/// and second look as a node behind the one before. There are [#MOST] nodes at most. What finds no
/// room is told as a number: first items fold their attempts, then the items that are best off are
/// left out.
final class Ran {
    /// So many nodes can be drawn and read in a browser.
    static final int MOST = 300;

    private final RunFold fold;
    private final TaskLog log;
    private final LinkedHashMap<String, Value.Struct> nodes = new LinkedHashMap<>();
    private final LinkedHashMap<String, List<String>> after = new LinkedHashMap<>();

    /// By task of the plan, the node that what waits for it comes after.
    private final Map<String, String> ends = new HashMap<>();

    Ran(RunFold fold, TaskLog log) {
        this.fold = fold;
        this.log = log;
    }

    /// A node to be.
    ///
    /// @param state as the task or the item is, or was with this attempt
    /// @param kind `task`, `attempt`, `iteration`, `turn` or `look`
    private record Step(String kind, String state, TaskLog.@Nullable Attempt attempt) {}

    /// A task or an item with what it went through, the first first.
    private record Chain(TaskId task, String state, List<Step> steps) {}

    Value.Struct document() {
        var plan = List.copyOf(fold.overview().tasks());
        var chains = new LinkedHashMap<String, List<Chain>>();
        int whole = 0;
        for (var task : plan) {
            var all = task.isFanOut() ? TaskPages.items(fold, task.name()) : List.of(id(task));
            var made = all.stream().map(this::chain).toList();
            chains.put(task.name(), made);
            whole += task.isFanOut() ? 1 : 0;
            whole += made.stream().mapToInt(chain -> chain.steps().size()).sum();
        }
        var room = new Room(plan, chains);
        var drawn = plan.stream().filter(task -> room.plan.contains(task.name())).toList();
        drawn.forEach(task -> ends.put(task.name(), end(task, chains, room)));
        drawn.forEach(task -> draw(task, of(chains, task), room));
        if (drawn.size() < plan.size()) {
            var left =
                    plan.stream()
                            .filter(task -> !room.plan.contains(task.name()))
                            .map(task -> Rows.state(task.standing()))
                            .toList();
            put("…", more(null, left), List.of());
        }
        var layers = Rows.layers(after);
        var all = new ArrayList<Value>();
        nodes.forEach((name, node) ->
                all.add(
                        node.with("after", Rows.names(after.getOrDefault(name, List.of())))
                                .with("layer", Value.of(layers.getOrDefault(name, 0)))));
        return Value.struct(
                "run",
                Rows.text(fold.run()),
                "sequence",
                Value.of(fold.sequence()),
                "most",
                Value.of(MOST),
                "whole",
                Value.of(whole),
                "nodes",
                new Value.Array(all));
    }

    private static List<Chain> of(Map<String, List<Chain>> chains, TaskOverview task) {
        return chains.getOrDefault(task.name(), List.of());
    }

    /// The node that what waits for a task comes after.
    private static String end(TaskOverview task, Map<String, List<Chain>> chains, Room room) {
        if (task.isFanOut()) {
            return task.name();
        }
        var chain = of(chains, task).getFirst();
        int steps = room.unrolled.contains(chain.task()) ? chain.steps().size() : 1;
        return name(chain.task(), steps);
    }

    /// Of the node of an attempt, counted from 1.
    private static String name(TaskId task, int place) {
        return place > 1 ? task + "#" + place : task.toString();
    }

    private static TaskId id(TaskOverview task) {
        return TaskId.of(task.name());
    }

    private static int rank(String state) {
        int rank = TaskPages.WORST.indexOf(state);
        return rank < 0 ? TaskPages.WORST.indexOf("ready") : rank;
    }

    // ---- what each went through

    private Chain chain(TaskId task) {
        var item = log.find(task);
        var state = TaskPages.state(fold, task);
        var steps = new ArrayList<Step>();
        TaskLog.Attempt before = null;
        for (var attempt : item == null ? List.<TaskLog.Attempt>of() : item.made) {
            steps.add(new Step(kind(attempt, before), state(attempt, state), attempt));
            before = attempt;
        }
        boolean current =
                before != null
                        && (before.came == TaskLog.Came.OPEN
                                || steps.getLast().state().equals(state));
        if (!current) {
            steps.add(new Step(next(before), state, null));
        }
        return new Chain(task, state, steps);
    }

    private static String kind(TaskLog.Attempt attempt, TaskLog.@Nullable Attempt before) {
        return attempt.look ? "look" : next(before);
    }

    private static String next(TaskLog.@Nullable Attempt before) {
        return before == null
                ? "task"
                : switch (before.came) {
                    case ITERATED -> "iteration";
                    case HANDED_OVER -> "turn";
                    case PROPOSED -> "look";
                    case OPEN, FAILED, DELEGATED, ACCEPTED -> "attempt";
                };
    }

    private static String state(TaskLog.Attempt attempt, String now) {
        return switch (attempt.came) {
            case OPEN -> now;
            case FAILED -> attempt.failure instanceof Failure.Cancelled ? "cancelled" : "failed";
            case PROPOSED, HANDED_OVER, ITERATED, DELEGATED, ACCEPTED -> "succeeded";
        };
    }

    // ---- what there is room for

    /// What is shown, the worst first: tasks of the plan, then items, then all that each went
    /// through.
    private static final class Room {
        private final Set<String> plan = new HashSet<>();
        private final Set<TaskId> shown = new HashSet<>();
        private final Set<TaskId> unrolled = new HashSet<>();
        private int left = MOST;

        Room(List<TaskOverview> all, Map<String, List<Chain>> chains) {
            takePlan(all);
            takeItems(all, chains);
            for (var chain : worst(chains, plan)) {
                int further = chain.steps().size() - 1;
                if (further <= left && shown.contains(chain.task())) {
                    left -= further;
                    unrolled.add(chain.task());
                }
            }
        }

        /// A fan-out is itself and what says how many more items it has, or its first.
        private static int least(TaskOverview task) {
            return task.isFanOut() ? 2 : 1;
        }

        private void takePlan(List<TaskOverview> all) {
            if (all.stream().mapToInt(Room::least).sum() > MOST) {
                left--;
            }
            all.stream()
                    .sorted(Comparator.comparingInt(task -> rank(Rows.state(task.standing()))))
                    .forEach(task -> {
                        if (least(task) <= left) {
                            left -= least(task);
                            plan.add(task.name());
                        }
                    });
        }

        private void takeItems(List<TaskOverview> all, Map<String, List<Chain>> chains) {
            var wanted = new LinkedHashMap<String, List<Chain>>();
            for (var task : all) {
                var items = of(chains, task);
                if (!task.isFanOut()) {
                    shown.add(id(task));
                } else if (items.size() == 1) {
                    shown.add(items.getFirst().task());
                } else if (!items.isEmpty()) {
                    wanted.put(task.name(), items);
                }
            }
            for (var chain : worst(wanted, plan)) {
                if (left > 0) {
                    left--;
                    shown.add(chain.task());
                }
            }
            wanted.forEach((name, items) -> {
                if (plan.contains(name)
                        && items.stream().allMatch(one -> shown.contains(one.task()))) {
                    left++;
                }
            });
        }

        private static List<Chain> worst(Map<String, List<Chain>> chains, Set<String> of) {
            var all = new ArrayList<Chain>();
            chains.forEach((name, some) -> {
                if (of.contains(name)) {
                    all.addAll(some);
                }
            });
            all.sort(Comparator.comparingInt(chain -> rank(chain.state())));
            return all;
        }
    }

    // ---- nodes

    private void draw(TaskOverview task, List<Chain> chains, Room room) {
        var before = new ArrayList<String>();
        for (var dependency : task.task().dependencies()) {
            var end = ends.get(dependency);
            if (end != null) {
                before.add(end);
            }
        }
        if (!task.isFanOut()) {
            chains.forEach(chain -> put(chain, before, room));
            return;
        }
        var first = new ArrayList<String>();
        var last = new ArrayList<String>();
        var left = new ArrayList<String>();
        int width = task.items().orElse(0);
        for (var chain : chains) {
            if (!room.shown.contains(chain.task())) {
                left.add(chain.state());
            } else if (chain.task().item() < width) {
                first.add(put(chain, before, room));
            } else {
                // Who decides between results, or answers once more, has been told of all of them.
                last.add(put(chain, first, room));
            }
        }
        if (!left.isEmpty()) {
            var name = task.name() + "[…]";
            put(name, more(task.name(), left), before);
            first.add(name);
        }
        if (task.items().isEmpty() && !task.standing().isFinal()) {
            // Where its first item will stand.
            var name = task.name() + "[0]";
            put(name, node("each", task.name(), Rows.state(task.standing())), before);
            first.add(name);
        }
        first.addAll(last);
        put(
                task.name(),
                node("all", task.name(), Rows.state(task.standing())),
                first.isEmpty() ? before : first);
    }

    /// All that a task or an item went through, or only what it is at.
    ///
    /// @return the name of the last node
    private String put(Chain chain, List<String> before, Room room) {
        var task = chain.task().toString();
        var item = log.find(chain.task());
        var steps = chain.steps();
        boolean unrolled = room.unrolled.contains(chain.task());
        var after = before;
        var name = task;
        for (int i = unrolled ? 0 : steps.size() - 1; i < steps.size(); i++) {
            name = name(chain.task(), unrolled ? i + 1 : 1);
            var node = node(unrolled ? steps.get(i).kind() : "task", task, steps.get(i).state());
            put(name, told(node, steps.get(i).attempt(), item, unrolled ? i + 1 : 0), after);
            after = List.of(name);
        }
        return name;
    }

    private static Value.Struct node(String kind, String task, String state) {
        return Value.struct(
                "kind", Value.text(kind), "task", Value.text(task), "state", Value.text(state));
    }

    /// @param place of the attempt among those of its task, from 1; 0 where they are folded
    private static Value.Struct told(
            Value.Struct node,
            TaskLog.@Nullable Attempt attempt,
            TaskLog.@Nullable Item item,
            int place) {
        var told = new LinkedHashMap<String, Value>(node.fields());
        boolean folded = place == 0;
        told.put("place", Value.of(place));
        told.put("attempts", Value.of(folded && item != null ? item.attempts() : 0));
        told.put("label", Rows.text(item == null ? null : item.label));
        told.put("token", attempt == null ? Value.NULL : Value.of(attempt.token));
        told.put("by", Rows.text(attempt == null ? null : attempt.by));
        told.put("came", attempt == null ? Value.NULL : Value.text(word(attempt.came)));
        var begun = attempt == null ? null : attempt.begunAt;
        told.put("begun_at", Rows.time(folded && item != null ? item.begunAt : begun));
        told.put("ended_at", Rows.time(ended(attempt, folded ? item : null)));
        var used = attempt == null ? Usage.NONE : attempt.usage;
        told.put("cost", RunDocument.cost(folded && item != null ? item.usage : used));
        told.put("failure", Rows.failure(attempt == null ? null : attempt.failure));
        return new Value.Struct(told);
    }

    private static @Nullable Instant ended(
            TaskLog.@Nullable Attempt attempt, TaskLog.@Nullable Item folded) {
        return folded != null ? folded.endedAt : attempt == null ? null : attempt.endedAt;
    }

    private static String word(TaskLog.Came came) {
        return switch (came) {
            case OPEN -> "open";
            case FAILED -> "failed";
            case PROPOSED -> "proposed";
            case HANDED_OVER -> "handed over";
            case ITERATED -> "done again";
            case DELEGATED -> "delegated";
            case ACCEPTED -> "accepted";
        };
    }

    /// @param task whose items they are, or null for tasks of the plan
    private static Value.Struct more(@Nullable String task, List<String> states) {
        var counts = new LinkedHashMap<String, Integer>();
        for (var state : TaskPages.WORST) {
            int number = (int) states.stream().filter(state::equals).count();
            if (number > 0) {
                counts.put(state, number);
            }
        }
        return Value.struct(
                "kind",
                Value.text("more"),
                "task",
                Rows.text(task),
                "state",
                Value.text(counts.isEmpty() ? "waiting" : counts.keySet().iterator().next()),
                "count",
                Value.of(states.size()),
                "counts",
                Value.from(counts));
    }

    private void put(String name, Value.Struct node, List<String> before) {
        nodes.put(name, Value.struct("node", Value.text(name)).with(node));
        after.put(name, List.copyOf(before));
    }
}

package dev.tutti.core.plan;

import dev.tutti.core.event.Task;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// The tasks of a plan and how far each is. Immutable; finishing a task costs as much as it has
/// dependents.
///
/// @param nodes by name
/// @param order the names in the order of the plan
/// @param dependents who waits for a task, by its name
/// @param unfinished how many tasks are neither done nor skipped
/// @param version how many amendments made this plan
public record Graph(
        PMap<String, Node> nodes,
        PVector<String> order,
        PMap<String, PVector<String>> dependents,
        int unfinished,
        int version) {

    public static final Graph EMPTY =
            new Graph(HashTreePMap.empty(), TreePVector.empty(), HashTreePMap.empty(), 0, 0);

    /// How far a task of the plan is; for a fan-out, all its items together.
    public enum Phase {
        PLANNED,
        ACTIVE,
        DONE,
        SKIPPED,
        FAILED,
        /// It failed, and the plan was amended to go on without it.
        REPLACED;

        public boolean isFinal() {
            return switch (this) {
                case PLANNED, ACTIVE -> false;
                case DONE, SKIPPED, FAILED, REPLACED -> true;
            };
        }
    }

    /// What may happen to a planned task now.
    public enum Verdict {
        WAIT,
        RUN,
        /// So many of its dependencies were skipped that it never can run.
        DEAD
    }

    /// A task in its place.
    ///
    /// @param waiting dependencies that are not finished
    /// @param done dependencies that are done, not skipped
    public record Node(Task task, Phase phase, int waiting, int done) {

        Verdict verdict() {
            int need = task.join().need();
            int dependencies = task.dependencies().size();
            if (dependencies == 0) {
                return Verdict.RUN;
            }
            if (task.undoes() != null) {
                return waiting > 0 ? Verdict.WAIT : Verdict.RUN;
            }
            if (need == 0) {
                return waiting > 0 ? Verdict.WAIT : done > 0 ? Verdict.RUN : Verdict.DEAD;
            }
            return done >= need ? Verdict.RUN : waiting == 0 ? Verdict.DEAD : Verdict.WAIT;
        }

        /// Whether those that depend on it need not wait for it.
        boolean isSettled() {
            return phase.isFinal() && phase != Phase.FAILED;
        }

        private Node in(Phase next) {
            return new Node(task, next, waiting, done);
        }
    }

    /// This plan with `tasks` added. Their dependencies are tasks of the plan or of `tasks` itself.
    public Graph amend(List<Task> tasks) {
        var allNodes = nodes;
        var allDependents = dependents;
        for (var task : tasks) {
            allNodes =
                    allNodes.plus(
                            task.name(),
                            new Node(task, Phase.PLANNED, task.dependencies().size(), 0));
            for (var dependency : task.dependencies()) {
                allDependents =
                        allDependents.plus(
                                dependency,
                                allDependents
                                        .getOrDefault(dependency, TreePVector.empty())
                                        .plus(task.name()));
            }
        }
        var names = order.plusAll(tasks.stream().map(Task::name).toList());
        var amended =
                new Graph(allNodes, names, allDependents, unfinished + tasks.size(), version + 1);
        for (var task : tasks) {
            for (var dependency : task.dependencies()) {
                amended = amended.countIfFinished(task.name(), dependency);
            }
        }
        return amended;
    }

    private Graph countIfFinished(String name, String dependency) {
        var node = node(dependency);
        return node.isSettled() ? counted(name, node.phase()) : this;
    }

    public Node node(String name) {
        var node = nodes.get(name);
        if (node == null) {
            throw new IllegalStateException("no task " + name + " in the plan");
        }
        return node;
    }

    public @Nullable Node find(String name) {
        return nodes.get(name);
    }

    public Verdict verdict(String name) {
        var node = node(name);
        return node.phase() == Phase.PLANNED ? node.verdict() : Verdict.WAIT;
    }

    public List<String> dependentsOf(String name) {
        return dependents.getOrDefault(name, TreePVector.empty());
    }

    public Graph begin(String name) {
        return withNode(name, node(name).in(Phase.ACTIVE), unfinished);
    }

    public Graph fail(String name) {
        return withNode(name, node(name).in(Phase.FAILED), unfinished);
    }

    /// The task is done or skipped, and everyone who waits for it has one dependency less to wait
    /// for.
    public Graph finish(String name, Phase phase) {
        var graph = withNode(name, node(name).in(phase), unfinished - 1);
        for (var dependent : dependentsOf(name)) {
            graph = graph.counted(dependent, phase);
        }
        return graph;
    }

    /// Failed tasks among `names` are waited for no longer.
    public Graph replace(List<String> names) {
        var graph = this;
        for (var name : names) {
            if (node(name).phase() == Phase.FAILED) {
                graph = graph.finish(name, Phase.REPLACED);
            }
        }
        return graph;
    }

    /// The tasks that failed and are still waited for.
    public List<String> failed() {
        return order.stream().filter(name -> node(name).phase() == Phase.FAILED).toList();
    }

    /// The tasks are planned again, as if they had never begun.
    public Graph reset(List<String> names) {
        int again = 0;
        var graph = this;
        for (var name : names) {
            again += node(name).isSettled() ? 1 : 0;
            graph = graph.withNode(name, node(name).in(Phase.PLANNED), graph.unfinished);
        }
        graph =
                new Graph(
                        graph.nodes,
                        graph.order,
                        graph.dependents,
                        graph.unfinished + again,
                        graph.version);
        var toCount = new LinkedHashSet<>(names);
        names.forEach(name -> toCount.addAll(dependentsOf(name)));
        for (var name : toCount) {
            graph = graph.recounted(name);
        }
        return graph;
    }

    private Graph recounted(String name) {
        var node = node(name);
        int waiting = 0;
        int done = 0;
        for (var dependency : node.task().dependencies()) {
            waiting += node(dependency).isSettled() ? 0 : 1;
            done += node(dependency).phase() == Phase.DONE ? 1 : 0;
        }
        return withNode(name, new Node(node.task(), node.phase(), waiting, done), unfinished);
    }

    /// The declaration of a task is another now, with the same dependencies.
    public Graph revise(Task task) {
        var node = node(task.name());
        return withNode(
                task.name(), new Node(task, node.phase(), node.waiting(), node.done()), unfinished);
    }

    private Graph counted(String dependent, Phase phase) {
        var node = node(dependent);
        int done = node.done() + (phase == Phase.DONE ? 1 : 0);
        return withNode(
                dependent,
                new Node(node.task(), node.phase(), node.waiting() - 1, done),
                unfinished);
    }

    private Graph withNode(String name, Node node, int nowUnfinished) {
        return new Graph(nodes.plus(name, node), order, dependents, nowUnfinished, version);
    }
}

package dev.tutti.core.history;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Reference;
import dev.tutti.core.history.Contribution.Means;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which values went into a value, followed backwards: from the task that gave it through what its
/// input was made of. Tasks that only had to be finished first are not met.
///
/// A task is a black box: all of its input may bear on its output. But where the very value that
/// went on stands in its input, the task handed it through, and the rest of the input bears on it
/// less.
final class Flow {
    private static final double OTHER_THAN_CARRIED = 0.2;
    private static final double CONDITION = 0.3;
    private static final int MOST_PATHS = 64;

    private final Chronicle run;
    private final Expressions expressions;
    private final SequencedMap<Source, Demand> met = new LinkedHashMap<>();

    /// Sources that are still to be followed, by their event: what goes into one came before it.
    private final TreeMap<Long, Source> open = new TreeMap<>();

    private final Map<Source, Demand> demands = new LinkedHashMap<>();

    /// What fan-outs handed on, by task.
    private final Map<String, List<Account>> lists = new LinkedHashMap<>();

    /// What of a source went on.
    static final class Demand {
        private final List<List<String>> paths = new ArrayList<>();
        private double weight;
        private boolean carried;

        /// The places within it; the whole is one without steps.
        List<List<String>> paths() {
            return List.copyOf(paths);
        }

        /// From 0 to 1: how much it bears on the value in question.
        double weight() {
            return weight;
        }

        /// Whether what went on was in its input already.
        boolean carried() {
            return carried;
        }

        private void add(List<String> path, double more) {
            weight = Math.max(weight, more);
            if (paths.stream().anyMatch(known -> isPrefix(known, path))) {
                return;
            }
            paths.removeIf(known -> isPrefix(path, known));
            paths.add(List.copyOf(path));
            if (paths.size() > MOST_PATHS) {
                paths.clear();
                paths.add(List.of());
            }
        }

        private static boolean isPrefix(List<String> prefix, List<String> path) {
            return prefix.size() <= path.size() && path.subList(0, prefix.size()).equals(prefix);
        }
    }

    private Flow(Chronicle run, Expressions expressions) {
        this.run = run;
        this.expressions = expressions;
    }

    /// Everything that went into the target, the latest first.
    static SequencedMap<Source, Demand> into(
            Chronicle run, Blame.Target target, Expressions expressions) {
        var flow = new Flow(run, expressions);
        for (var path : target.paths()) {
            flow.begin(target.task(), path);
        }
        while (!flow.open.isEmpty()) {
            var source = flow.open.pollLastEntry().getValue();
            var demand = flow.demand(source);
            flow.met.put(source, demand);
            if (source instanceof Source.Result(var contribution)) {
                flow.follow(contribution, demand);
            }
        }
        return flow.met;
    }

    private Demand demand(Source source) {
        return demands.computeIfAbsent(source, _ -> new Demand());
    }

    private void begin(@Nullable TaskId task, List<String> path) {
        if (task == null) {
            output(run.start().output(), List.of(), path);
        } else if (task.item() == TaskId.WHOLE) {
            from(task.name(), path, 1, null);
        } else {
            run.account(task).map(Account::result).ifPresent(result -> meet(result, path, 1));
        }
    }

    /// The part of the run's output that `path` leads to, or all below it.
    private void output(Value template, List<String> here, List<String> path) {
        leaves(
                template,
                here,
                (text, place) -> {
                    int common = Math.min(place.size(), path.size());
                    if (!place.subList(0, common).equals(path.subList(0, common))) {
                        return;
                    }
                    var rest = path.subList(common, path.size());
                    boolean exact = expressions.isExpression(text);
                    for (var reference : expressions.references(text)) {
                        var way = new ArrayList<>(reference.path());
                        if (exact) {
                            way.addAll(rest);
                        }
                        variable(reference.variable(), way, 1, null, null);
                    }
                });
    }

    /// Follows a result into what it was made of.
    private void follow(Contribution result, Demand demand) {
        var task = run.declaration(result.task().name());
        if (task == null || result.means() == Means.MESSAGE) {
            return;
        }
        if (result.means() == Means.SKIPPED) {
            skipped(task, demand.weight());
            return;
        }
        var account = run.account(result.task());
        if (account.isPresent()
                && account.get().inputByPersonAt() > 0
                && account.get().input().equals(result.input())) {
            var edited =
                    new Source.Edited(
                            result.task(), account.get().inputByPersonAt(), result.input());
            meet(edited, List.of(), demand.weight());
            return;
        }
        var sought = sought(result, demand);
        demand.carried =
                !sought.isEmpty()
                        && sought.stream()
                                .allMatch(one -> Significance.within(result.input(), one));
        var carrying = demand.carried ? carrying(task, result, sought) : List.<List<String>>of();
        leaves(
                task.input(),
                List.of(),
                (text, place) -> {
                    double weight =
                            carrying.isEmpty() || carrying.contains(place)
                                    ? demand.weight()
                                    : demand.weight() * OTHER_THAN_CARRIED;
                    for (var reference : expressions.references(text)) {
                        variable(
                                reference.variable(),
                                reference.path(),
                                weight,
                                result,
                                carrying.contains(place) ? sought : null);
                    }
                });
        if (task.when() != null) {
            for (var reference : expressions.references(task.when())) {
                variable(
                        reference.variable(),
                        reference.path(),
                        demand.weight() * CONDITION,
                        result,
                        null);
            }
        }
    }

    /// The places of its input that hold some of what went on.
    private static List<List<String>> carrying(Task task, Contribution result, List<Value> sought) {
        var carrying = new ArrayList<List<String>>();
        leaves(
                task.input(),
                List.of(),
                (_, place) -> {
                    var given = Deviation.at(result.input(), place);
                    if (given != null
                            && sought.stream().anyMatch(one -> Significance.within(given, one))) {
                        carrying.add(place);
                    }
                });
        return carrying;
    }

    /// The values that went on, those that one would know again, each as small as it is.
    private static List<Value> sought(Contribution result, Demand demand) {
        var sought = new ArrayList<Value>();
        for (var path : demand.paths()) {
            var value = Deviation.at(result.output(), path);
            if (value != null) {
                Significance.add(value, sought);
            }
        }
        return sought;
    }

    /// A task is skipped for its condition, or because what it needs was skipped.
    private void skipped(Task task, double weight) {
        if (task.when() != null) {
            for (var reference : expressions.references(task.when())) {
                variable(reference.variable(), reference.path(), weight, null, null);
            }
        }
        for (var dependency : task.dependencies()) {
            run.account(TaskId.of(dependency))
                    .map(Account::result)
                    .filter(result -> result.means() == Means.SKIPPED)
                    .ifPresent(result -> meet(result, List.of(), weight));
        }
    }

    /// @param user whose expression names it, or null
    /// @param sought values to know the right item of a list by, or null
    private void variable(
            String variable,
            List<String> path,
            double weight,
            @Nullable Contribution user,
            @Nullable List<Value> sought) {
        switch (variable) {
            case "input" -> meet(new Source.Asked(run.start().inputs()), path, weight);
            case "item" -> item(path, weight, user);
            case "output" -> before(path, weight, user);
            default -> {
                if (run.declaration(variable) != null) {
                    from(variable, path, weight, sought);
                }
            }
        }
    }

    /// An item comes out of the list that the fan-out runs over.
    private void item(List<String> path, double weight, @Nullable Contribution user) {
        var task = user == null ? null : run.declaration(user.task().name());
        if (task == null || user == null || task.each() == null) {
            return;
        }
        boolean exact = expressions.isExpression(task.each());
        for (Reference reference : expressions.references(task.each())) {
            var way = new ArrayList<>(reference.path());
            if (exact) {
                way.add(Integer.toString(user.task().item()));
                way.addAll(path);
            }
            variable(reference.variable(), way, weight, null, null);
        }
    }

    /// In a loop `output` is the result before; where something is taken back, what is taken back.
    private void before(List<String> path, double weight, @Nullable Contribution user) {
        if (user == null) {
            return;
        }
        var task = run.declaration(user.task().name());
        if (task != null && task.undoes() != null) {
            run.account(task.undoes())
                    .map(Account::result)
                    .ifPresent(result -> meet(result, path, weight));
        } else if (user.iteration() > 0) {
            run.account(user.task())
                    .map(account -> account.contributions().get(user.iteration() - 1))
                    .ifPresent(result -> meet(result, path, weight));
        }
    }

    /// The results of a task of the plan, of the items that the path leads to.
    private void from(String name, List<String> path, double weight, @Nullable List<Value> sought) {
        var whole = run.account(TaskId.of(name)).map(Account::result);
        if (run.fan(name) == null || whole.isPresent()) {
            whole.ifPresent(result -> meet(result, path, weight));
            return;
        }
        var items = lists.computeIfAbsent(name, run::joined);
        if (!path.isEmpty() && Deviation.isIndex(path.getFirst())) {
            int index = Integer.parseInt(path.getFirst());
            if (index < items.size()) {
                meet(items.get(index), path.subList(1, path.size()), weight);
            }
            return;
        }
        int best = items.stream().mapToInt(item -> held(item, sought)).max().orElse(0);
        for (var item : items) {
            boolean less = held(item, sought) < best;
            meet(item, List.of(), less ? weight * OTHER_THAN_CARRIED : weight);
        }
    }

    /// How many of the values are in what the item gave.
    private static int held(Account item, @Nullable List<Value> sought) {
        var result = item.result();
        return result == null || sought == null
                ? 0
                : (int)
                        sought.stream()
                                .filter(one -> Significance.within(result.output(), one))
                                .count();
    }

    private void meet(Account account, List<String> path, double weight) {
        var result = account.result();
        if (result != null) {
            meet(result, path, weight);
        }
    }

    private void meet(Contribution result, List<String> path, double weight) {
        meet(new Source.Result(result), path, weight);
    }

    private void meet(Source source, List<String> path, double weight) {
        if (met.containsKey(source)) {
            return;
        }
        demand(source).add(path, weight);
        open.put(source.at(), source);
    }

    /// Calls `then` with every text in a template and its place.
    static void leaves(
            Value template,
            List<String> here,
            java.util.function.BiConsumer<String, List<String>> then) {
        switch (template) {
            case Value.Text(var text) -> then.accept(text, here);
            case Value.Array(var items) -> {
                for (int i = 0; i < items.size(); i++) {
                    leaves(items.get(i), Deviation.below(here, Integer.toString(i)), then);
                }
            }
            case Value.Struct(var fields) ->
                    fields.forEach(
                            (name, value) -> leaves(value, Deviation.below(here, name), then));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> {}
        }
    }
}

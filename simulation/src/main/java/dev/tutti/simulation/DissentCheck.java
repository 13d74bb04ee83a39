package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Resolve.By;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Given;
import dev.tutti.core.synthesis.Likeness;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// I21: no answer is lost on the way to one. Where the results of a task are not the same, the
/// journal says so before one of them is handed on, with everyone who gave one; and an answer that
/// is not sure enough is handed on only after everyone was asked who is to decide, as far as the
/// budget leaves room for their tasks.
///
/// I36: a debate has no more rounds than its task says, one after the other, each only while
/// answers differ; everyone who gave an answer is asked once in each, and nobody else; and none is
/// handed on while one of them has not answered.
final class DissentCheck extends Check {
    private final Map<String, Task> plan = new HashMap<>();
    private final Map<String, Integer> widths = new HashMap<>();
    private final Map<String, Map<Integer, Value>> results = new HashMap<>();
    private final Map<String, Set<Integer>> asked = new HashMap<>();
    private final Map<String, Event.Dissented> dissents = new HashMap<>();
    private final Map<String, Event.Debated> debates = new HashMap<>();
    private final Map<String, Set<Integer>> debating = new HashMap<>();

    private boolean countsTasks;

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.RunStarted e -> countsTasks = e.budget().tasks() != null;
            case Event.BudgetRaised e -> countsTasks = e.budget().tasks() != null;
            case Event.PlanAmended e -> e.tasks().forEach(task -> plan.put(task.name(), task));
            case Event.TaskRevised e -> plan.put(e.task().name(), e.task());
            case Event.TasksReset e -> e.tasks().forEach(this::forget);
            case Event.FannedOut e -> {
                forget(e.task());
                widths.put(e.task(), e.width());
            }
            case Event.TaskReady e -> decides(e.task());
            case Event.TaskHeld e -> decides(e.task());
            case Event.ResultAccepted e -> given(e.task(), e.output());
            case Event.OutputGiven e -> given(e.task(), e.output());
            case Event.TaskSkipped e -> answered(e.task());
            case Event.Dissented e -> dissented(step, e);
            case Event.Debated e -> debated(step, e);
            case Event.Joined e -> joined(step, e);
            default -> {}
        }
    }

    private void forget(String name) {
        widths.remove(name);
        results.remove(name);
        asked.remove(name);
        dissents.remove(name);
        debates.remove(name);
        debating.remove(name);
    }

    /// The places of items, and of those who answer once more.
    private int places(String name) {
        var debate = debates.get(name);
        return widths.getOrDefault(name, 0) * (1 + (debate == null ? 0 : debate.round()));
    }

    private void decides(TaskId id) {
        if (widths.containsKey(id.name()) && id.item() >= places(id.name())) {
            asked.computeIfAbsent(id.name(), _ -> new HashSet<>()).add(id.item());
        }
    }

    private void given(TaskId id, Value output) {
        if (id.item() >= 0 && id.item() < places(id.name())) {
            results.computeIfAbsent(id.name(), _ -> new TreeMap<>())
                    .put(id.item() % widths.getOrDefault(id.name(), 1), output);
        }
        answered(id);
    }

    private void answered(TaskId id) {
        debating.getOrDefault(id.name(), new HashSet<>()).remove(id.item());
    }

    private void debated(Step step, Event.Debated e) {
        int most = by(e.task()) instanceof By.Debate(var rounds) ? rounds : 0;
        var before = debates.put(e.task(), e);
        if (e.round() > most || e.round() != (before == null ? 0 : before.round()) + 1) {
            report("I36", step, e.task() + " is debated in round " + e.round() + " of " + most);
        }
        if (!dissents.containsKey(e.task())
                || !new HashSet<>(e.items())
                        .equals(results.getOrDefault(e.task(), Map.of()).keySet())) {
            report("I36", step, e.task() + " is debated by others than those who differ");
        }
        int first = widths.getOrDefault(e.task(), 0) * e.round();
        var places = new HashSet<Integer>();
        e.items().forEach(item -> places.add(first + item));
        debating.put(e.task(), places);
    }

    private void dissented(Step step, Event.Dissented e) {
        dissents.put(e.task(), e);
        int given = results.getOrDefault(e.task(), Map.of()).size();
        int named = e.answers().stream().mapToInt(answer -> answer.agents().size()).sum();
        if (!(by(e.task()) instanceof By.Merge) && named != given) {
            report(
                    "I21",
                    step,
                    e.task() + " has " + given + " results, its dissent names " + named);
        }
    }

    private By by(String name) {
        var resolve = resolve(name);
        return resolve == null ? new By.Collect() : resolve.by();
    }

    private @Nullable Resolve resolve(String name) {
        var task = plan.get(name);
        return task == null || task.flow().each() == null ? null : task.flow().each().resolve();
    }

    private void joined(Step step, Event.Joined e) {
        var resolve = resolve(e.task());
        if ((resolve == null) != (e.resolved() == null)) {
            report("I21", step, e.task() + " is joined otherwise than declared");
            return;
        }
        if (resolve == null || e.resolved() == null) {
            return;
        }
        if (!debating.getOrDefault(e.task(), Set.of()).isEmpty()) {
            report("I36", step, e.task() + " is joined before all have answered once more");
        }
        var given = results.getOrDefault(e.task(), Map.of());
        var kinds =
                Likeness.NORMALISED.groups(
                        given.values().stream()
                                .map(output -> Given.of("", output).answer())
                                .toList());
        boolean differ = kinds.stream().anyMatch(kind -> kind > 0);
        boolean votes =
                switch (resolve.by()) {
                    case By.Vote _,
                            By.WeightedVote _,
                            By.KOfN _,
                            By.BestOf _,
                            By.Compose _,
                            By.Custom _,
                            By.Debate _ ->
                            resolve.on() == null && !resolve.meaning();
                    case By.Collect _,
                            By.Template _,
                            By.Merge _,
                            By.Reduce _,
                            By.FirstGood _,
                            By.Cite _,
                            By.Numeric _ ->
                            false;
                };
        if (votes && differ && !dissents.containsKey(e.task())) {
            report("I21", step, e.task() + " hands on one of several answers and says nothing");
        }
        boolean noRoom = countsTasks && e.resolved().by().contains("too few tasks left for");
        int deciders = asked.getOrDefault(e.task(), Set.of()).size();
        if (dissents.containsKey(e.task())
                && e.resolved().confidence() < resolve.below()
                && deciders < resolve.then().size()
                && !noRoom) {
            report(
                    "I21",
                    step,
                    e.task()
                            + " hands on what is not sure enough, and asked "
                            + deciders
                            + " of "
                            + resolve.then().size());
        }
    }
}

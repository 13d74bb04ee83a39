package dev.tutti.simulation.history;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Account;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A random plan for agents that always give the same for the same, and runs of it into which a
/// wrong value is planted.
///
/// Every agent gives a number and a list of three small ones, made of all that it was given; one of
/// four agents gives few different numbers, so that a wrong value may be lost on its way. A task is
/// given up to three inputs of the run or numbers of earlier tasks; some run over a list, some wait
/// for a task of which they are given nothing.
final class Planted {
    private static final int SKILLS = 4;
    private static final int INPUTS = 4;
    private static final int VALUES = 4;
    private static final int FEW = 5;

    private final List<Task> plan = new ArrayList<>();
    private final Workshop workshop;
    private final String target;
    private int runs;

    Planted(SplittableRandom random) {
        var agents = new Agent[SKILLS];
        for (int i = 0; i < SKILLS; i++) {
            agents[i] = Workshop.agent("agent" + i, 1 + random.nextInt(4), skill(i));
        }
        workshop = new Workshop(agents);
        int size = 6 + random.nextInt(15);
        for (int i = 0; i < size; i++) {
            plan.add(task(i, random));
        }
        target =
                plan.reversed().stream()
                        .map(Task::name)
                        .filter(name -> before(name).size() >= 5)
                        .findFirst()
                        .orElse("");
    }

    private static SkillId skill(int number) {
        return new SkillId("skill" + number);
    }

    private Task task(int number, SplittableRandom random) {
        var input = Value.Struct.EMPTY;
        var after = new LinkedHashSet<String>();
        String each = null;
        for (int i = 0; i <= random.nextInt(3); i++) {
            if (number < 2 || random.nextInt(4) == 0) {
                input = input.with("a" + i, Value.text("${input.x" + random.nextInt(INPUTS) + "}"));
                continue;
            }
            var other = plan.get(random.nextInt(number));
            after.add(other.name());
            if (other.each() != null) {
                input =
                        input.with(
                                "a" + i,
                                Value.text(
                                        random.nextBoolean()
                                                ? "${" + other.name() + "}"
                                                : "${" + other.name() + "[1].v}"));
            } else if (each == null && random.nextInt(6) == 0) {
                each = "${" + other.name() + ".items}";
                input = input.with("item", Value.text("${item}"));
            } else {
                input = input.with("a" + i, Value.text("${" + other.name() + ".v}"));
            }
        }
        if (number > 0 && random.nextInt(5) == 0) {
            after.add(plan.get(random.nextInt(number)).name());
        }
        var task =
                Task.of(
                        "t" + number,
                        skill(random.nextInt(SKILLS)),
                        input,
                        after.toArray(String[]::new));
        return each == null ? task : task.with(Task.Flow.over(each, 10));
    }

    /// The task whose output will be looked at; empty when none comes after enough others.
    String target() {
        return target;
    }

    /// A task and all that must be finished before it, directly or through others.
    Set<String> before(String name) {
        var before = new LinkedHashSet<>(Set.of(name));
        for (var task : plan.reversed()) {
            if (before.contains(task.name())) {
                before.addAll(task.dependencies());
            }
        }
        return before;
    }

    static Value.Struct inputs(SplittableRandom random) {
        var inputs = Value.Struct.EMPTY;
        for (int i = 0; i < INPUTS; i++) {
            inputs = inputs.with("x" + i, Value.of(random.nextInt(VALUES)));
        }
        return inputs;
    }

    /// A run in which the task `wrong`, if there is one, gives something else than it would.
    Chronicle run(Value.Struct inputs, @Nullable TaskId wrong) {
        return Chronicle.of(
                workshop.run(
                        "R" + runs++,
                        plan,
                        Value.NULL,
                        inputs,
                        attempt ->
                                Workshop.gives(
                                        Duration.ofMillis(5),
                                        given(attempt, attempt.task().equals(wrong)))));
    }

    private static Value given(Action.Perform attempt, boolean wrong) {
        var salt = attempt.agent() + (wrong ? " wrong" : "");
        boolean few = attempt.agent().value().equals("agent3");
        return Value.struct(
                "v",
                Value.of(number(attempt.input(), salt, few ? FEW : 1_000_000)),
                "items",
                Value.array(
                        Value.of(number(attempt.input(), salt + 1, FEW)),
                        Value.of(number(attempt.input(), salt + 2, FEW)),
                        Value.of(number(attempt.input(), salt + 3, FEW))));
    }

    private static long number(Value.Struct input, String salt, long below) {
        var hash = Digest.hash(input.with("salt", Value.text(salt)));
        return Long.parseLong(hash.substring(0, 12), 16) % below;
    }

    /// Every result that the target waited for, and its own: the first in time first.
    List<Account> upstream(Chronicle run) {
        var names = before(target);
        return run.accounts().stream()
                .filter(account -> names.contains(account.task().name()))
                .filter(account -> account.result() != null)
                .sorted(java.util.Comparator.comparingLong(Planted::at))
                .toList();
    }

    static long at(Account account) {
        var result = account.result();
        return result == null ? 0 : result.at();
    }

    Value output(Chronicle run) {
        var outputs = new ArrayList<Value>();
        for (var account : run.accounts()) {
            var result = account.result();
            if (account.task().name().equals(target) && result != null) {
                outputs.add(result.output());
            }
        }
        return new Value.Array(outputs);
    }
}

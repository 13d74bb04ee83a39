package dev.tutti.simulation.world;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.CatchUp;
import dev.tutti.core.event.Trigger.Overlap;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.Dependencies;
import dev.tutti.runtime.topic.CloudEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Draws which messages are published on topics instead of being sent to runs: in two of three
/// worlds some tasks wait for messages of topics, and some publish.
final class Published {
    static final List<String> TOPICS = List.of("orders", "stock");

    /// A type of messages that tasks do not send: what they trigger comes to an end.
    static final String FRESH = "fresh";

    private Published() {}

    static Team of(Team team, SplittableRandom dice, Expressions expressions) {
        if (dice.nextInt(3) == 0) {
            return team;
        }
        var workflows = new ArrayList<Workflow>();
        for (var workflow : team.workflows()) {
            workflows.add(
                    workflow.withTasks(
                                    workflow.tasks().stream()
                                            .map(task -> published(task, dice, expressions))
                                            .toList())
                            .withTriggers(
                                    workflow.name().equals(Plans.LEAF)
                                            ? triggers(dice)
                                            : List.of()));
        }
        return new Team(team.skills(), team.agents(), workflows, team.terms());
    }

    /// What begins runs of the smallest workflow by itself.
    private static List<Trigger> triggers(SplittableRandom dice) {
        var triggers = new ArrayList<Trigger>();
        var input =
                Value.struct(
                        "n",
                        Value.text("${message.k}"),
                        "items",
                        Value.array(Value.of(1), Value.of(2)));
        for (int i = 1 + dice.nextInt(3); i > 0; i--) {
            var source =
                    new Source.OnMessage(
                            topic(dice),
                            FRESH,
                            dice.nextInt(3) == 0 ? "1" : null,
                            dice.nextInt(3) == 0 ? "${message.k > 2}" : null);
            var overlaps = Overlap.values();
            triggers.add(
                    new Trigger(
                            source,
                            input,
                            dice.nextBoolean() ? "${message.k}" : null,
                            overlaps[dice.nextInt(overlaps.length)]));
        }
        if (dice.nextInt(3) == 0) {
            var missed = CatchUp.values();
            triggers.add(
                    new Trigger(
                            new Source.AtTimes(
                                    "*/5 * * * *",
                                    ZoneOffset.UTC,
                                    missed[dice.nextInt(missed.length)]),
                            input.with("n", Value.of(1)),
                            null,
                            dice.nextBoolean() ? Overlap.SKIP : Overlap.QUEUE));
        }
        return triggers;
    }

    private static Task published(Task task, SplittableRandom dice, Expressions expressions) {
        var changed = task;
        var emit = task.flow().emit();
        if (emit != null && dice.nextBoolean()) {
            var key = dice.nextInt(3) == 0 ? null : "${input.n}";
            changed =
                    changed.with(
                            changed.flow()
                                    .with(
                                            new Task.Emit(
                                                    emit.type(),
                                                    emit.data(),
                                                    null,
                                                    topic(dice),
                                                    key)));
        }
        if (task.performer() instanceof Performer.ByMessage await
                && await.type() != null
                && dice.nextInt(3) > 0) {
            changed =
                    changed.with(
                            new Performer.ByMessage(
                                    await.type(),
                                    dice.nextInt(3) == 0 ? "${message.k != 4}" : null,
                                    await.within(),
                                    await.keep(),
                                    topic(dice),
                                    dice.nextInt(3) == 0 ? null : "${input.n}"));
        }
        return changed.equals(task) ? task : withDependencies(changed, task, expressions);
    }

    /// What a task waits for follows from what its expressions name.
    private static Task withDependencies(Task changed, Task before, Expressions expressions) {
        var found =
                Dependencies.of(
                        expressions,
                        changed.performer(),
                        changed.input(),
                        changed.flow(),
                        changed.policy(),
                        changed.label(),
                        before.dependencies());
        return new Task(
                changed.name(),
                changed.performer(),
                changed.input(),
                found,
                changed.flow(),
                changed.policy(),
                changed.label(),
                changed.undoes(),
                changed.plans());
    }

    private static String topic(SplittableRandom dice) {
        return TOPICS.get(dice.nextInt(TOPICS.size()));
    }

    /// A message that somebody publishes.
    static CloudEvent event(String id, String type, String key, long k, Instant now) {
        return new CloudEvent(id, "shop", type, key, now, null, Value.struct("k", Value.of(k)));
    }
}

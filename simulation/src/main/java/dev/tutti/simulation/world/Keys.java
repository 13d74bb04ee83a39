package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a team says of its tasks and people, as the words of a team file: so that worlds in which a
/// key never occurs are noticed.
final class Keys {
    private final Set<String> found = new TreeSet<>();

    private Keys() {}

    static Set<String> of(Team team) {
        var keys = new Keys();
        team.agents().forEach(keys::agent);
        team.workflows()
                .forEach(workflow -> {
                    keys.found.add("on_stall " + workflow.onStall().word());
                    keys.workflow(workflow);
                    workflow.tasks().forEach(keys::task);
                    workflow.triggers().forEach(keys::trigger);
                });
        keys.terms(team.terms());
        return keys.found;
    }

    private void terms(Terms terms) {
        var choices = new ArrayList<>(terms.workflows().values());
        terms.tasks().values().forEach(task -> choices.add(task.choice()));
        note("mode decentralized", !terms.workflows().isEmpty());
        for (var choice : choices) {
            if (choice.isByAgents()) {
                found.add("dispatch " + choice.way().word());
                note("dispatch.reserve", choice.bidding().reserve());
                note("dispatch.lease", choice.bidding().lease());
            }
        }
        note(
                "bid",
                terms.agents().values().stream().anyMatch(one -> !one.bid().fields().isEmpty()));
    }

    private void workflow(Workflow workflow) {
        var planner = workflow.planner();
        note("planner", planner);
        note("planner.approve", planner == null ? null : planner.approval());
        note("planner.surprise", planner == null ? null : planner.surprise());
        var choreography = workflow.choreography();
        note("choreography", choreography);
        note("until", choreography == null ? null : choreography.until());
        note("expect", choreography != null && !choreography.expectations().isEmpty());
        note("budget.usd", workflow.budget().usd());
        note("budget.tokens", workflow.budget().tokens());
        note("budget.time", workflow.budget().time());
        note("budget.attempts", workflow.budget().attempts());
        note("budget.tasks", workflow.budget().tasks());
        note("budget.runs", workflow.budget().runs());
    }

    private void trigger(Trigger trigger) {
        found.add("overlap " + trigger.overlap().word());
        note("trigger group", trigger.group());
        switch (trigger.source()) {
            case Source.OnMessage of -> {
                found.add("trigger message");
                note("trigger key", of.key());
                note("trigger where", of.where());
            }
            case Source.AtTimes of -> found.add("trigger cron, catch up " + of.missed().word());
            case Source.OnWebhook _ -> found.add("trigger webhook");
        }
    }

    private void note(String key, boolean there) {
        if (there) {
            found.add(key);
        }
    }

    private void note(String key, @Nullable Object there) {
        note(key, there != null);
    }

    private void agent(Agent agent) {
        for (var reaction : agent.contract().reactions()) {
            note("reacts_to", true);
            note("reacts_to.where", reaction.where());
            note("reacts_to.within", reaction.within());
        }
        for (var emission : agent.contract().emissions()) {
            note("emits", true);
            note("emits.when", emission.when());
        }
        note("limits.timeout", agent.limits().timeout());
        note("limits.idle", agent.limits().idle());
        note("trust", agent.traits().trust() > 0);
        note("uses workflow", agent.workflow());
        note("agent effects", agent.effects() == Task.Effects.AT_MOST_ONCE);
        if (agent.isHuman()) {
            agent.settings().fields().keySet().forEach(key -> found.add("human " + key));
        }
    }

    private void task(Task task) {
        performer(task.performer());
        note("label", task.label());
        note("hand_off", task.passing() instanceof Passing.HandOff);
        note("delegate", task.passing() instanceof Passing.Delegation);
        note("dispatch all", task.passing() instanceof Passing.Ensemble);
        if (task.passing() instanceof Passing.Group group) {
            found.add("group " + group.turns().word());
            note("group.until", group.until());
        }
        flow(task.flow());
        policy(task.policy());
        notes(task.sharing());
    }

    private void notes(Sharing sharing) {
        note("notes.read", !sharing.reads().isEmpty());
        note("notes.trust", sharing.outside());
        note("context", sharing.tokens() > 0);
        for (var write : sharing.writes()) {
            note("notes.agent", write.value() == null);
            note("notes.write " + write.by().word(), write.value() != null);
            note("notes.expect " + write.expect(), write.expect() != null);
        }
    }

    private void performer(Performer performer) {
        switch (performer) {
            case Performer.BySkill(_, var require, var meant) -> {
                found.add("skill");
                note("match", meant);
                note("require", !require.labels().isEmpty());
                note("skill version", require.version());
            }
            case Performer.ByAgent _ -> found.add("agent");
            case Performer.ByWorkflow _ -> found.add("workflow");
            case Performer.ByMessage await -> {
                note("await.message", await.type());
                note("await time", await.type() == null);
                note("await.where", await.where());
                note("await.within", await.within());
                note("await.keep", await.keep());
                note("await.keep false", !await.keep());
                note("await.topic", await.topic());
                note("await.key", await.key());
            }
        }
    }

    private void flow(Task.Flow flow) {
        note("when", flow.when());
        note("loop", flow.loop());
        note("join any", flow.join().need() == 1);
        note("join k", flow.join().need() > 1);
        note("join.cancel_rest", flow.join().cancelRest());
        note("locks", !flow.locks().isEmpty());
        note("cancels", !flow.cancels().isEmpty());
        var emit = flow.emit();
        if (emit != null) {
            note("emit", true);
            note("emit.to", emit.to());
            note("emit.topic", emit.topic());
            note("emit.key", emit.key());
        }
        var each = flow.each();
        if (each != null) {
            note("each", true);
            note("max", each.max() < Task.DEFAULT_MAX);
            note("max computed", each.most());
            note("each.need", each.need());
            note("each.until", each.until());
            note("each.cancel_rest", each.cancelRest());
            note("each.cancel_rest false", !each.cancelRest());
            note("resolve", each.resolve());
            note(
                    "resolve.debate",
                    each.resolve() != null && each.resolve().by() instanceof Resolve.By.Debate);
            note("resolve.then", each.resolve() != null && !each.resolve().then().isEmpty());
        }
    }

    private void policy(Task.Policy policy) {
        note("retry", policy.retry().attempts() > 1);
        policy.ladder().forEach(rung -> found.add("on_failure " + rung.word()));
        note("timeout.queued", policy.timeouts().queued());
        note("timeout.run", policy.timeouts().run());
        note("timeout.idle", policy.timeouts().idle());
        note("timeout.overall", policy.timeouts().overall());
        note("accept", !policy.gate().accept().isEmpty());
        note("verify", policy.gate().verify());
        var effects = policy.effects();
        if (effects != null) {
            found.add("effects " + effects.name().toLowerCase(Locale.ROOT));
        }
        note("approve", policy.approval());
        note("compensate", policy.undo());
        policy.rules().forEach(rule -> found.add("policy " + rule.decision().word()));
    }
}

package dev.tutti.simulation;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Task.Rule;
import dev.tutti.core.event.Task.Rule.Decision;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Digest;
import dev.tutti.core.run.Rules;
import dev.tutti.core.run.RunState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// I40: no attempt at a task begins at an agent that a rule of its policy denies it for its input,
/// nor at one that a person must be asked about before a person has agreed to exactly that input.
/// Nobody is denied without a rule, nobody is asked while an agent may have the task without, and
/// nobody twice about the same input.
///
/// The rules are judged here once more, by the first that holds. Those that name more than the
/// agent, the task and its input are taken as they are on record.
final class PolicyCheck extends Check {
    private static final Expressions EXPRESSIONS = new Expressions();
    private static final List<String> NAMED = List.of("agent", "task", "input");

    private final Supplier<RunState> before;
    private final Function<String, Optional<Team>> teams;
    private final Map<TaskId, Event.TaskReady> ready = new HashMap<>();

    /// Hashes of the inputs that people agreed to.
    private final Map<TaskId, String> agreed = new HashMap<>();

    /// Whose approval is the step before this one, if any.
    private @Nullable TaskId approved;

    /// @param before the run before the step that is looked at
    PolicyCheck(Supplier<RunState> before, Function<String, Optional<Team>> teams) {
        this.before = before;
        this.teams = teams;
    }

    @Override
    void see(Step step) {
        var just = approved;
        approved = null;
        switch (step.event()) {
            case Event.QuestionAsked e -> asked(step, e.question());
            case Event.QuestionClosed e -> closed(e);
            case Event.InputGiven e when e.task().equals(just) ->
                    agreed.put(e.task(), Digest.hash(e.input()));
            case Event.TasksReset e -> {
                agreed.keySet().removeIf(id -> e.tasks().contains(id.name()));
                ready.keySet().removeIf(id -> e.tasks().contains(id.name()));
            }
            case Event.TaskReady e -> {
                ready.put(e.task(), e);
                judged(step, e);
            }
            case Event.Assigned e -> begins(step, e.task(), e.agent());
            case Event.ChildStarted e -> begins(step, e.task(), e.agent());
            default -> {}
        }
    }

    private void closed(Event.QuestionClosed e) {
        var asked = before.get().questions().get(e.question());
        if (asked != null
                && asked.question().purpose() == Question.Purpose.APPROVAL
                && asked.question().task() != null
                && e.answer().equals(Value.text(Question.APPROVE))) {
            approved = asked.question().task();
            agreed.put(approved, asked.question().hash());
        }
    }

    private void judged(Step step, Event.TaskReady e) {
        var by = e.ruling().approved();
        if (by != null && !by.equals(agreed.get(e.task()))) {
            report("I40", step, e.task() + " goes by an approval of another input");
        }
        var rules = rules(e.task());
        for (var denied : e.ruling().denied()) {
            denied(step, e, denied, rules);
        }
    }

    private void denied(
            Step step, Event.TaskReady e, Ruling.Denied denied, @Nullable List<Rule> rules) {
        var id = e.task();
        if (rules == null || denied.rule() < 1 || denied.rule() > rules.size()) {
            report("I40", step, id + " is kept from " + denied.agent() + " by no rule");
            return;
        }
        var own = agent(step, denied.agent()).map(one -> decision(rules, id, e.input(), one));
        if (own.filter(one -> one.known() && !one.keeps(denied.rule())).isPresent()) {
            report(
                    "I40",
                    step,
                    id + " is kept from " + denied.agent() + " by rule " + denied.rule());
        }
    }

    private void asked(Step step, Question question) {
        var id = question.task();
        var rules = id == null ? null : rules(id);
        if (rules == null
                || id == null
                || step.copied()
                || question.purpose() != Question.Purpose.APPROVAL
                || before.get().declaration(id).policy().approval() != null) {
            return;
        }
        var input = before.get().task(id).input();
        if (question.hash().equals(agreed.get(id))) {
            report("I40", step, id + " was agreed to with this input");
        }
        var able = new ArrayList<AgentId>();
        for (var agent : eligible(id)) {
            var own = decision(rules, id, input, agent);
            if (own.known() && own.decision() == Decision.ALLOW) {
                able.add(agent.id());
            }
        }
        if (!able.isEmpty()) {
            report("I40", step, "a person is asked about " + id + " though these may: " + able);
        }
    }

    private void begins(Step step, TaskId id, @Nullable AgentId agent) {
        var last = ready.get(id);
        var rules = rules(id);
        if (last == null || rules == null || agent == null || step.copied()) {
            return;
        }
        if (last.ruling().denies(agent)) {
            report("I40", step, id + " begins at " + agent + ", who is denied it");
        }
        var own = agent(step, agent).map(one -> decision(rules, id, last.input(), one));
        if (own.isEmpty() || !own.get().known()) {
            return;
        }
        switch (own.get().decision()) {
            case ALLOW -> {}
            case DENY ->
                    report(
                            "I40",
                            step,
                            id + " begins at " + agent + " against rule " + own.get().rule());
            case ASK -> {
                if (!Digest.hash(last.input()).equals(agreed.get(id))) {
                    report("I40", step, id + " begins at " + agent + " before a person agreed");
                }
            }
        }
    }

    /// The rules of a task whose attempts they are about now, or null.
    private @Nullable List<Rule> rules(TaskId id) {
        var state = before.get();
        if (!state.started() || state.graph().find(id.name()) == null || state.decides(id)) {
            return null;
        }
        var known = state.tasks().get(id);
        var rules = state.declaration(id).policy().rules();
        boolean looks = known != null && known.course().proposal() != null;
        return rules.isEmpty() || looks ? null : rules;
    }

    private Optional<Agent> agent(Step step, AgentId id) {
        return step.copied()
                ? Optional.empty()
                : teams.apply(before.get().asked().team()).flatMap(team -> team.agent(id));
    }

    /// Those that may have a task by everything but its policy.
    private List<Agent> eligible(TaskId id) {
        var state = before.get();
        var holder = state.holder(id);
        var team = teams.apply(state.asked().team());
        var agents = team.map(Team::agents).orElse(List.of());
        return Match.capable(agents, state.performer(id)).stream()
                .filter(one -> holder == null || one.id().equals(holder))
                .filter(one -> !state.task(id).course().excluded().contains(one.id()))
                .toList();
    }

    /// What the first rule that holds says of an agent.
    ///
    /// @param rule its number, 0 where none holds
    /// @param known whether it can be told from the agent, the task and its input
    private record Own(Decision decision, int rule, boolean known) {
        private boolean keeps(int number) {
            return decision != Decision.ALLOW && rule == number;
        }
    }

    private Own decision(List<Rule> rules, TaskId id, Value.Struct input, Agent agent) {
        var scope = scope(id, input, agent);
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            boolean told =
                    EXPRESSIONS.references(rule.condition()).stream()
                            .allMatch(one -> NAMED.contains(one.variable()));
            if (!told) {
                return new Own(rule.decision(), i + 1, false);
            }
            if (holds(rule, scope)) {
                return new Own(rule.decision(), i + 1, true);
            }
        }
        return new Own(Decision.ALLOW, 0, true);
    }

    private Map<String, Value> scope(TaskId id, Value.Struct input, Agent agent) {
        var state = before.get();
        var task = state.declaration(id);
        var skill = task.performer() instanceof Performer.BySkill(var one, _, _) ? one.value() : "";
        return Map.of(
                "input",
                state.asked().inputs().with(input),
                "task",
                Value.struct("name", Value.text(task.name()), "skill", Value.text(skill)),
                "agent",
                Rules.agent(agent));
    }

    private static boolean holds(Rule rule, Map<String, Value> scope) {
        try {
            if (EXPRESSIONS.render(rule.condition(), scope::get) instanceof Value.Bool(var holds)) {
                return holds;
            }
        } catch (ExpressionException _) {
            // As where it gives no condition.
        }
        return rule.decision() != Decision.ALLOW;
    }
}

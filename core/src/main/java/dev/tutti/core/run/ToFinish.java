package dev.tutti.core.run;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.goal.Team;
import dev.tutti.core.plan.Graph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// What it would take to finish a run that has a budget, by what is known of those who would do
/// what is left: each task once, at the agent that is expected to take least.
///
/// A guess and no promise: attempts may fail, and plans may grow.
///
/// @param tasks that are left, items of fan-outs each
/// @param atLeast whether it is not known yet how many some of them will be
/// @param likely what they are likely to take
/// @param more what the budget lacks for that, and for what must be set aside before the last of
///   them; none where it will do
/// @param counted how many attempts, tasks and runs within it lacks, where those that are left
///   begin no more than one task each
/// @param unknown tasks of whose cost nothing is known
public record ToFinish(
        int tasks, boolean atLeast, Spend likely, Spend more, Tally counted, List<String> unknown) {
    public ToFinish {
        unknown = List.copyOf(unknown);
    }

    /// What is known of the cost of an attempt.
    ///
    /// @param likely what it is expected to take, or null
    /// @param worst what must be set aside for it
    private record Price(@Nullable Spend likely, Spend worst) {}

    /// What it would take to finish a run as it stands.
    ///
    /// @param expected what an attempt of an agent for such tasks is expected to cost; empty where
    ///   nothing is known
    public static ToFinish of(
            RunState state, Team team, BiFunction<AgentId, Performer, Optional<Money>> expected) {
        int tasks = 0;
        int begun = 0;
        int runs = 0;
        boolean atLeast = false;
        var likely = Spend.NONE;
        var aside = Spend.NONE;
        var unknown = new ArrayList<String>();
        for (var name : state.graph().order()) {
            var node = state.graph().node(name);
            int count = left(state, name);
            if (node.phase().isFinal() || !state.wants(name) || count == 0) {
                continue;
            }
            tasks += count;
            begun += node.phase() == Graph.Phase.PLANNED ? count : 0;
            runs += Match.isRun(team.agents(), node.task().performer()) ? count : 0;
            var each = node.task().flow().each();
            atLeast |= each != null && !each.isReplicas() && !state.fanIns().containsKey(name);
            var price = price(state, team, node.task().performer(), expected).orElse(null);
            if (price == null) {
                unknown.add(name);
                continue;
            }
            var one = first(price);
            for (int i = 0; i < count; i++) {
                likely = likely.plus(one);
            }
            aside = aside.atLeast(price.worst().minus(one));
        }
        var ledger = state.ledger();
        var total = ledger.spent().plus(ledger.held()).plus(likely).plus(aside);
        var cap = ledger.cap();
        var more =
                new Spend(
                        cap.usd() == null ? Money.ZERO : total.minus(new Spend(cap.usd(), 0)).usd(),
                        cap.tokens() == null ? 0 : Math.max(0, total.tokens() - cap.tokens()));
        // A run within counts as one attempt and one run here, and makes an attempt at a task.
        var counted =
                ledger.tally(Carving.tasks(state))
                        .plus(new Tally(tasks + runs, begun + runs, runs));
        var lacks =
                new Tally(
                        lacks(cap.attempts(), counted.attempts()),
                        lacks(cap.tasks(), counted.tasks()),
                        lacks(cap.runs(), counted.runs()));
        return new ToFinish(tasks, atLeast, likely, more, lacks, unknown);
    }

    private static int lacks(@Nullable Integer cap, int counted) {
        return cap == null ? 0 : Math.max(0, counted - cap);
    }

    /// How many tasks or items are still to be done of one in the plan.
    private static int left(RunState state, String name) {
        var fanIn = state.fanIns().get(name);
        if (fanIn != null) {
            return fanIn.joined() ? 0 : fanIn.open();
        }
        var each = state.graph().node(name).task().flow().each();
        return each != null && each.isReplicas() ? each.max() : 1;
    }

    private static Optional<Price> price(
            RunState state,
            Team team,
            Performer performer,
            BiFunction<AgentId, Performer, Optional<Money>> expected) {
        return switch (performer) {
            case Performer.ByMessage _ -> Optional.of(new Price(Spend.NONE, Spend.NONE));
            case Performer.ByWorkflow(var name) ->
                    team.workflow(name)
                            .map(workflow -> workflow.budget())
                            .filter(budget -> budget.isOfSpending())
                            .map(budget -> new Price(null, state.ledger().setAside(budget)));
            case Performer.BySkill _, Performer.ByAgent _ ->
                    Match.capable(team.agents(), performer).stream()
                            .flatMap(agent -> price(state, agent, performer, expected).stream())
                            .min(
                                    Comparator.comparing((Price one) -> first(one).usd())
                                            .thenComparingLong(one -> first(one).tokens()));
        };
    }

    private static Spend first(Price price) {
        return price.likely() == null ? price.worst() : price.likely();
    }

    /// Tokens are known as the most that they may be.
    private static Optional<Price> price(
            RunState state,
            Agent agent,
            Performer performer,
            BiFunction<AgentId, Performer, Optional<Money>> expected) {
        return state.ledger()
                .worst(agent)
                .map(worst -> {
                    var usd =
                            state.ledger().cap().usd() == null || worst.isNone()
                                    ? Optional.<Money>empty()
                                    : expected.apply(agent.id(), performer);
                    return new Price(
                            usd.map(money -> new Spend(money, worst.tokens())).orElse(null), worst);
                });
    }

    private static void lack(List<String> limits, @Nullable Integer cap, int more, String what) {
        if (cap != null && more > 0) {
            limits.add(cap + more + " " + what);
        }
    }

    /// How much is left, in words, without a full stop.
    ///
    /// @param state of the run that it was worked out for
    public String rest(RunState state) {
        return (atLeast ? "at least " : "")
                + (tasks == 1 ? "1 task is" : tasks + " tasks are")
                + " left"
                + (state.ledger().cap().isOfSpending() ? ", likely to take " + likely : "");
    }

    /// In a sentence, without a full stop.
    ///
    /// @param state of the run that it was worked out for
    public String sentence(RunState state) {
        var cap = state.ledger().cap();
        var words = new ArrayList<String>();
        words.add(rest(state));
        var limits = new ArrayList<String>();
        if (cap.usd() != null && more.usd().usd().signum() > 0) {
            limits.add("$" + cap.usd().plus(more.usd()));
        }
        if (cap.tokens() != null && more.tokens() > 0) {
            limits.add(cap.tokens() + more.tokens() + " tokens");
        }
        lack(limits, cap.attempts(), counted.attempts(), "attempts");
        lack(limits, cap.tasks(), counted.tasks(), "tasks");
        lack(limits, cap.runs(), counted.runs(), "runs");
        words.add(
                limits.isEmpty()
                        ? "what is left should do"
                        : "a budget of " + String.join(" and ", limits) + " should do");
        if (!unknown.isEmpty()) {
            words.add("what " + String.join(", ", unknown) + " will take is not known");
        }
        return String.join("; ", words);
    }
}

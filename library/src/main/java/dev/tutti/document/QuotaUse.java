package dev.tutti.document;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.run.RunState;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// How much of a quota is taken by the runs that have not ended.
///
/// @param underWay attempts that count against it
/// @param waiting ready tasks whose agents count against it
public record QuotaUse(Terms.Quota quota, int underWay, int waiting) {

    private static final class Counted {
        private final Terms.Quota quota;
        private int attempts;
        private int waiting;

        private Counted(Terms.Quota quota) {
            this.quota = quota;
        }
    }

    /// The quotas that unfinished runs name, by name.
    public static List<QuotaUse> of(Tutti tutti) {
        var found = new TreeMap<String, Counted>();
        for (Run run : tutti.unfinished()) {
            var state = run.load().state();
            if (state.started()) {
                count(found, state, tutti.team(run));
            }
        }
        return found.values().stream()
                .map(one -> new QuotaUse(one.quota, one.attempts, one.waiting))
                .toList();
    }

    private static void count(TreeMap<String, Counted> found, RunState state, Team team) {
        var terms = team.terms();
        for (var quota : terms.quotas()) {
            found.putIfAbsent(quota.name(), new Counted(quota));
        }
        for (var open : state.open().values()) {
            var agent = open.agent();
            if (agent != null) {
                for (var name : terms.of(agent).quotas()) {
                    var one = found.get(name);
                    if (one != null) {
                        one.attempts++;
                    }
                }
            }
        }
        for (var task : state.tasks().entrySet()) {
            if (task.getValue().phase() == TaskState.Phase.READY) {
                Match.capable(team.agents(), state.performer(task.getKey())).stream()
                        .flatMap(agent -> terms.of(agent.id()).quotas().stream())
                        .distinct()
                        .forEach(name -> {
                            var one = found.get(name);
                            if (one != null) {
                                one.waiting++;
                            }
                        });
            }
        }
    }

    /// Its rates and its memory, in words.
    public String limits() {
        var words = new ArrayList<String>();
        if (quota.requests() != null) {
            words.add(rate(quota.requests()) + " requests");
        }
        if (quota.tokens() != null) {
            words.add(rate(quota.tokens()) + " tokens");
        }
        if (quota.memory() != null) {
            words.add(Figures.bytes(quota.memory()));
        }
        return String.join(", ", words);
    }

    private static String rate(Terms.Rate rate) {
        return rate.count() + " in " + Figures.took(rate.per());
    }

    /// What `tutti quotas --json` prints.
    public static Value.Struct document(List<QuotaUse> uses) {
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "quotas",
                new Value.Array(uses.stream().map(QuotaUse::value).toList()));
    }

    private Value value() {
        var slots = quota.slots();
        return Value.struct("quota", Value.text(quota.name()))
                .with("under_way", Value.of(underWay))
                .with("waiting", Value.of(waiting))
                .with("slots", slots == null ? Value.NULL : Value.of(slots))
                .with("limits", Value.text(limits()));
    }
}

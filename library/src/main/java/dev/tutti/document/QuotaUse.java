package dev.tutti.document;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How much of a quota is taken by the runs that have not ended.
///
/// @param underWay attempts that count against it
/// @param waiting ready tasks whose agents count against it
/// @param requests that were made within its time, as far as the journal shows them
/// @param tokens that were read and written within its time, as far as the journal shows them
public record QuotaUse(Terms.Quota quota, int underWay, int waiting, long requests, long tokens) {

    private static final int MOST_RUNS = 500;

    private static final class Counted {
        private final Terms.Quota quota;
        private int attempts;
        private int waiting;

        private Counted(Terms.Quota quota) {
            this.quota = quota;
        }
    }

    /// A run that has not ended.
    record Unfinished(RunState state, Team team) {}

    /// The runs that have not ended.
    static List<Unfinished> unfinished(Tutti tutti) {
        var found = new ArrayList<Unfinished>();
        for (Run run : tutti.unfinished()) {
            var state = run.load().state();
            if (state.started()) {
                found.add(new Unfinished(state, tutti.team(run)));
            }
        }
        return found;
    }

    /// The quotas that unfinished runs name, by name.
    public static List<QuotaUse> of(Tutti tutti, Instant now) {
        return of(tutti, unfinished(tutti), now);
    }

    /// The quotas that these runs name, by name.
    static List<QuotaUse> of(Tutti tutti, List<Unfinished> runs, Instant now) {
        var found = new TreeMap<String, Counted>();
        runs.forEach(run -> count(found, run.state(), run.team()));
        if (found.isEmpty()) {
            return List.of();
        }
        try (var reader = tutti.reader()) {
            var used = used(tutti, reader, found, now);
            return found.values().stream()
                    .map(one ->
                            new QuotaUse(
                                    one.quota,
                                    one.attempts,
                                    one.waiting,
                                    used.requests(one.quota.name()),
                                    used.tokens(one.quota.name())))
                    .toList();
        }
    }

    /// What runs took that may still count.
    private static RatesUsed used(
            Tutti tutti, JournalReader reader, TreeMap<String, Counted> found, Instant now) {
        var longest =
                found.values().stream()
                        .flatMap(one -> Stream.of(one.quota.requests(), one.quota.tokens()))
                        .filter(Objects::nonNull)
                        .map(Terms.Rate::per)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        var used = new RatesUsed(reader, now);
        if (longest.isPositive()) {
            for (var summary : tutti.runs(MOST_RUNS)) {
                if (summary.lastAt().isAfter(now.minus(longest))) {
                    var run = tutti.run(summary.run().value());
                    used.see(
                            StreamId.run(summary.tenant(), summary.run()), tutti.team(run).terms());
                }
            }
        }
        return used;
    }

    /// Requests that are left now; null where it does not limit them.
    public @Nullable Long requestsLeft() {
        return left(quota.requests(), requests);
    }

    /// Tokens that are left now; null where it does not limit them.
    public @Nullable Long tokensLeft() {
        return left(quota.tokens(), tokens);
    }

    private static @Nullable Long left(Terms.@Nullable Rate rate, long used) {
        return rate == null ? null : Long.valueOf(Math.max(0, rate.count() - used));
    }

    /// What is left of its rates and slots, in words; empty where it has none.
    public String left() {
        var words = new ArrayList<String>();
        var slots = quota.slots();
        if (quota.requests() != null) {
            words.add(requestsLeft() + " of " + quota.requests().count() + " requests");
        }
        if (quota.tokens() != null) {
            words.add(tokensLeft() + " of " + quota.tokens().count() + " tokens");
        }
        if (slots != null) {
            words.add(Math.max(0, slots - underWay) + " of " + slots + " slots");
        }
        return String.join(", ", words);
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

    /// As programs are told of it.
    Value value() {
        var slots = quota.slots();
        return Value.struct("quota", Value.text(quota.name()))
                .with("under_way", Value.of(underWay))
                .with("waiting", Value.of(waiting))
                .with("slots", slots == null ? Value.NULL : Value.of(slots))
                .with("limits", Value.text(limits()))
                .with("requests_left", number(requestsLeft()))
                .with("tokens_left", number(tokensLeft()));
    }

    private static Value number(@Nullable Long number) {
        return number == null ? Value.NULL : Value.of(number);
    }
}

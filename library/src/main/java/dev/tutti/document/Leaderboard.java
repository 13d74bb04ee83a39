package dev.tutti.document;

import dev.tutti.Tutti;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.dispatch.Switches;
import dev.tutti.runtime.evidence.Standing;
import dev.tutti.runtime.projection.Breakers;
import dev.tutti.view.RunDocument;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How agents do: how often their results are accepted, how sure that is, what they take, whether
/// they may be given tasks now, and what is left of what they share.
///
/// @param rows by skill, the best first
/// @param off agents that are switched off, also those that have done nothing yet
public record Leaderboard(List<Row> rows, Map<AgentId, Switches.Off> off, Instant at) {
    /// With a greater doubt than this, what is expected of an agent is a guess.
    private static final double GUESS = 0.1;

    private static final int DIGITS = 6;

    public Leaderboard {
        rows = List.copyOf(rows);
    }

    /// An agent with one skill.
    ///
    /// @param openUntil until when it is left alone for failing, in the past where it is tried with
    ///   one task next; or null
    /// @param off since when it is switched off, or null
    /// @param quotas those that it needs, with what is left of them
    public record Row(
            Standing standing,
            @Nullable Instant openUntil,
            Switches.@Nullable Off off,
            List<QuotaUse> quotas) {
        public Row {
            quotas = List.copyOf(quotas);
        }

        public AgentId agent() {
            return standing.agent();
        }

        /// The skill; a dash where the agent was asked for by name.
        public String skill() {
            return standing.skill().startsWith("AGENT ") ? "-" : standing.skill();
        }

        /// Whether what is expected of it is a guess.
        public boolean uncertain() {
            return standing.doubt() > GUESS;
        }

        /// What one attempt is expected to cost.
        public Money usd() {
            return new Money(
                    BigDecimal.valueOf(Math.max(0, standing.usd()))
                            .setScale(DIGITS, RoundingMode.HALF_UP));
        }

        /// `closed`, `open` while it is left alone, `half_open` when it is tried with one task
        /// next.
        public String breaker(Instant now) {
            if (openUntil == null) {
                return "closed";
            }
            return now.isBefore(openUntil) ? "open" : "half_open";
        }
    }

    /// What the newest runs of a store show.
    public static Leaderboard of(Tutti tutti, Instant now) {
        var breakers = new Breakers();
        var evidence = tutti.evidence(breakers);
        var off = tutti.switches().all();
        var quotas = quotas(tutti, now);
        var rows = new ArrayList<Row>();
        for (var standing : evidence.standings()) {
            var agent = standing.agent();
            rows.add(
                    new Row(
                            standing,
                            breakers.openUntil(agent).orElse(null),
                            off.get(agent),
                            quotas.getOrDefault(agent, List.of())));
        }
        rows.sort(
                Comparator.comparing(Row::skill)
                        .thenComparing(
                                Comparator.comparingDouble((Row row) -> row.standing().success())
                                        .reversed()));
        return new Leaderboard(rows, off, now);
    }

    /// The quotas that agents of unfinished runs need.
    private static Map<AgentId, List<QuotaUse>> quotas(Tutti tutti, Instant now) {
        var runs = QuotaUse.unfinished(tutti);
        var uses = new LinkedHashMap<String, QuotaUse>();
        QuotaUse.of(tutti, runs, now).forEach(use -> uses.put(use.quota().name(), use));
        var found = new LinkedHashMap<AgentId, List<QuotaUse>>();
        if (uses.isEmpty()) {
            return found;
        }
        for (var run : runs) {
            run.team()
                    .terms()
                    .agents()
                    .forEach((agent, needs) ->
                            found.put(
                                    agent,
                                    needs.quotas().stream()
                                            .map(uses::get)
                                            .flatMap(use -> Optional.ofNullable(use).stream())
                                            .toList()));
        }
        return found;
    }

    /// Those of one agent, or of one of its skills.
    ///
    /// @param name as `agent` or `agent/skill`
    public List<Row> of(String name) {
        return rows.stream()
                .filter(row ->
                        name.equals(row.agent().value())
                                || name.equals(row.agent() + "/" + row.skill()))
                .toList();
    }

    // ---- for programs

    /// What `tutti agents --json` prints.
    public static Value.Struct document(
            List<Row> rows, Map<AgentId, Switches.Off> off, Instant now) {
        return Value.struct(
                        "format",
                        RunDocument.FORMAT,
                        "agents",
                        new Value.Array(
                                rows.stream().<Value>map(row -> document(row, now)).toList()))
                .with(
                        "disabled",
                        new Value.Array(
                                off.entrySet().stream()
                                        .<Value>map(one ->
                                                Value.struct(
                                                                "agent",
                                                                Value.text(one.getKey().value()))
                                                        .with(off(one.getValue())))
                                        .toList()));
    }

    /// One row.
    public static Value.Struct document(Row row, Instant now) {
        var one = row.standing();
        var last = one.last();
        return Value.struct(
                        "agent", Value.text(row.agent().value()), "skill", Value.text(row.skill()))
                .with("good", Value.of(one.good()))
                .with("bad", Value.of(one.bad()))
                .with("success", new Value.Real(one.success()))
                .with("doubt", new Value.Real(one.doubt()))
                .with("uncertain", Value.of(row.uncertain()))
                .with("seconds", new Value.Real(one.time().toMillis() / 1_000.0))
                .with("usd", Value.text(row.usd().toString()))
                .with("failures_in_a_row", Value.of(one.row()))
                .with("last", last == null ? Value.NULL : Value.text(last.toString()))
                .with("breaker", Value.text(row.breaker(now)))
                .with("open_until", time(row.openUntil()))
                .with("disabled", disabled(row.off()))
                .with(
                        "quotas",
                        new Value.Array(
                                row.quotas().stream().<Value>map(QuotaUse::value).toList()));
    }

    private static Value time(@Nullable Instant time) {
        return time == null ? Value.NULL : Value.text(time.toString());
    }

    /// That an agent is switched off, or null.
    public static Value disabled(Switches.@Nullable Off off) {
        return off == null ? Value.NULL : off(off);
    }

    private static Value.Struct off(Switches.Off off) {
        return Value.struct("since", time(off.since()))
                .with("by", Value.text(off.by()))
                .with("reason", Value.text(off.reason()));
    }
}

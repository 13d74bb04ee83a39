package dev.tutti.runtime.journal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;

/// Planners and what they make of plans, as payloads. What is as by default is left out.
final class PlanCodec {
    private PlanCodec() {}

    // ---- amendments, whose fields are those of the event

    static void encode(Fields out, Amendment amendment) {
        out.put("base", amendment.base())
                .put("author", amendment.author())
                .put("reason", amendment.reason());
        out.put(
                "tasks",
                new Value.Array(amendment.tasks().stream().<Value>map(TaskCodec::encode).toList()));
        if (!amendment.drops().isEmpty()) {
            out.put("drops", Value.from(amendment.drops()));
        }
        if (amendment.output() != null) {
            out.put("gives", Value.struct("output", amendment.output()));
        }
        if (amendment.partial()) {
            out.put("partial", Value.of(true));
        }
        if (!amendment.progress()) {
            out.put("stalls", Value.of(true));
        }
        if (!amendment.ledger().fields().isEmpty()) {
            out.put("ledger", amendment.ledger());
        }
    }

    static Amendment decodeAmendment(Fields in) {
        return new Amendment(
                (int) in.number("base"),
                in.text("author"),
                in.text("reason"),
                in.list("tasks").stream().map(TaskCodec::decode).toList(),
                in.texts("drops"),
                in.find("gives") == null ? null : in.fields("gives").value("output"),
                in.find("partial") != null,
                in.find("stalls") == null,
                in.find("ledger") == null ? Value.Struct.EMPTY : in.struct("ledger"));
    }

    // ---- planners

    static @Nullable Value encode(@Nullable Planner planner) {
        if (planner == null) {
            return null;
        }
        var out = new Fields().put("agent", planner.agent().value()).put("goal", planner.goal());
        out.put("wants", planner.wants());
        out.put("rounds", planner.rounds()).put("stalls", planner.stalls());
        out.put("attempts", planner.attempts());
        if (planner.approval() != null) {
            out.put("approve", planner.approval().value());
        }
        if (planner.surprise() != null) {
            out.put("surprise", planner.surprise());
        }
        return out.struct();
    }

    static @Nullable Planner decodePlanner(Fields event) {
        if (event.find("planner") == null) {
            return null;
        }
        var in = event.fields("planner");
        var approve = in.findText("approve");
        return new Planner(
                new AgentId(in.text("agent")),
                in.text("goal"),
                in.struct("wants"),
                (int) in.number("rounds"),
                (int) in.number("stalls"),
                (int) in.number("attempts"),
                approve == null ? null : new AgentId(approve),
                in.findText("surprise"));
    }
}

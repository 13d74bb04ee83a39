package dev.tutti.runtime.journal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;

/// What agents do to give tasks away among themselves, as payloads.
final class AuctionCodec {
    private AuctionCodec() {}

    static void encode(Fields out, Event.Announced e) {
        out.put("task", e.task().toString()).put("round", e.round()).put("batch", e.batch());
        if (e.deadline() != null) {
            out.put("deadline", e.deadline().toString());
        }
        if (e.reserve() != null) {
            out.put("reserve", e.reserve().toString());
        }
        out.put("invited", e.invited());
    }

    static Event.Announced announced(Fields in) {
        return new Event.Announced(
                task(in),
                (int) in.number("round"),
                in.number("batch"),
                in.instant("deadline"),
                in.find("reserve") == null ? null : in.money("reserve"),
                (int) in.number("invited"));
    }

    static void encode(Fields out, Event.BidPlaced e) {
        out.put("task", e.task().toString()).put("round", e.round());
        out.put("agent", e.agent().value()).put("bid", bid(e.bid()));
        if (!e.likely().equals(e.bid())) {
            out.put("likely", bid(e.likely()));
        }
        out.put("cost", new Value.Real(e.cost()));
    }

    static Event.BidPlaced bidPlaced(Fields in) {
        var bid = bid(in.fields("bid"));
        return new Event.BidPlaced(
                task(in),
                (int) in.number("round"),
                new AgentId(in.text("agent")),
                bid,
                in.find("likely") == null ? bid : bid(in.fields("likely")),
                in.real("cost"));
    }

    private static Value bid(Bid bid) {
        return new Fields()
                .put("price", bid.price().toString())
                .put("time", bid.time().toString())
                .put("confidence", new Value.Real(bid.confidence()))
                .struct();
    }

    private static Bid bid(Fields in) {
        var time = in.duration("time");
        if (time == null) {
            throw new IllegalArgumentException("`time` is missing");
        }
        return new Bid(in.money("price"), time, in.real("confidence"));
    }

    static void encode(Fields out, Event.BidDeclined e) {
        out.put("task", e.task().toString()).put("round", e.round());
        out.put("agent", e.agent().value()).put("reason", e.reason());
    }

    static Event.BidDeclined bidDeclined(Fields in) {
        return new Event.BidDeclined(
                task(in),
                (int) in.number("round"),
                new AgentId(in.text("agent")),
                in.text("reason"));
    }

    static void encode(Fields out, Event.TaskClaimed e) {
        out.put("task", e.task().toString()).put("round", e.round());
        out.put("agent", e.agent().value());
        if (e.from() != null) {
            out.put("from", e.from().value());
        }
    }

    static Event.TaskClaimed claimed(Fields in) {
        return new Event.TaskClaimed(
                task(in),
                (int) in.number("round"),
                new AgentId(in.text("agent")),
                in.find("from") == null ? null : new AgentId(in.text("from")));
    }

    private static TaskId task(Fields in) {
        return TaskId.parse(in.text("task"));
    }
}

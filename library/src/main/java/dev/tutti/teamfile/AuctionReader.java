package dev.tutti.teamfile;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Types;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.goal.Terms.Bidding;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads how agents give tasks away among themselves: what holds of the bids on a task, how an
/// agent bids, and whether the two can come together.
final class AuctionReader {
    /// What a workflow says whose tasks are given away by its agents.
    static final String DECENTRALIZED = "decentralized";

    private static final int MOST_ROUNDS = 100;

    /// The keys that are about bids.
    private static final List<String> OF_BIDS = List.of("within", "reserve", "rounds", "lease");

    /// What the expressions of a bid may name.
    private static final Map<String, Type> VARIABLES = variables();

    private final Expressions expressions = new Expressions();
    private final Report report;

    AuctionReader(Report report) {
        this.report = report;
    }

    private static Map<String, Type> variables() {
        var self = new LinkedHashMap<String, Type.Field>();
        for (var name : List.of("places", "busy", "free", "won", "accepted")) {
            self.put(name, Type.Field.required(Type.Scalar.INT));
        }
        self.put("slowness", Type.Field.required(Type.Scalar.NUMBER));
        var known = new LinkedHashMap<String, Type>();
        known.put("input", Type.Any.ANY);
        known.put("self", new Type.Struct(self, false));
        known.put("task", Type.Scalar.STRING);
        known.put("round", Type.Scalar.INT);
        known.put("reserve", Type.Any.ANY);
        return known;
    }

    // ---- reading

    /// How bids are taken, as `dispatch` says in the form of an object.
    Bidding bidding(Section section, Terms.Way way) {
        var standard = Bidding.DEFAULT;
        if (way != Terms.Way.AUCTION) {
            for (var key : OF_BIDS) {
                if (section.has(key) && !(key.equals("lease") && way == Terms.Way.CLAIM)) {
                    report.add(
                            "E-BID-01",
                            "`" + key + "` is about bids, and `" + way.word() + "` takes none",
                            section.at(key),
                            "no bids",
                            "write `by: auction`, or remove `" + key + "`");
                }
            }
        }
        return new Bidding(
                section.duration("within").orElse(standard.within()),
                section.money("reserve").orElse(null),
                section.whole("rounds", 1, MOST_ROUNDS).orElse(standard.rounds()),
                section.duration("lease").orElse(null));
    }

    /// How an agent bids; empty where it says nothing.
    Value.Struct bid(Section agent) {
        var content = agent.struct("bid", "an object such as `{ price: 0.01, time: 3s }`");
        content.ifPresent(bid -> {
            var section = new Section(bid, Keys.BID, agent.at("bid"), report);
            for (var key : Keys.BID.known()) {
                section.value(key).ifPresent(value -> term(value, section.at(key)));
            }
        });
        return content.orElse(Value.Struct.EMPTY);
    }

    private void term(Value value, List<String> at) {
        switch (value) {
            case Value.Text(var text) -> {
                for (var fault : expressions.check(text, (Types) VARIABLES::get).faults()) {
                    report.add(
                            new Fault(
                                    fault.code(),
                                    fault.message(),
                                    at,
                                    fault.span(),
                                    fault.label(),
                                    fault.help()));
                }
            }
            case Value.Int _, Value.Real _ -> {}
            case Value.Null _, Value.Bool _, Value.Array _, Value.Struct _ ->
                    report.add(
                            "E-SHAPE-01",
                            "a bid is made of numbers, times such as `3s` and expressions",
                            at,
                            "no number and no text",
                            null);
        }
    }

    /// Whether agents give the tasks of a workflow away among themselves.
    boolean isDecentralized(Section workflow) {
        return workflow.value("mode").filter(Value.text(DECENTRALIZED)::equals).isPresent();
    }

    // ---- checking

    /// What does not fit, once everything is read.
    void check(List<Workflow> workflows, List<Agent> agents, Terms terms) {
        boolean any = false;
        for (var workflow : workflows) {
            boolean all = terms.workflows().containsKey(workflow.name());
            for (var task : workflow.tasks()) {
                var choice = terms.of(workflow.name(), task.name()).choice();
                var at = List.of("workflows", workflow.name(), "tasks", task.name());
                if (choice.isByAgents()) {
                    any = true;
                    task(task, choice, agents, terms, at);
                } else if (all) {
                    report.add(
                            "E-BID-02",
                            "nobody chooses in a workflow that is decentralized: its tasks are"
                                    + " bid on or claimed",
                            Report.below(at, "dispatch"),
                            "somebody would choose",
                            "write `auction` or `claim`, or remove `dispatch`");
                }
            }
        }
        for (var agent : agents) {
            if (!any && !terms.of(agent.id()).bid().fields().isEmpty()) {
                report.add(
                        "W-BID-01",
                        "agent `" + agent.id() + "` says how it bids, and nothing is bid on",
                        List.of("agents", agent.id().value(), "bid"),
                        "never asked",
                        "write `dispatch: auction` where it is to bid, or remove `bid`");
            }
        }
    }

    private void task(
            Task task, Terms.Choice choice, List<Agent> agents, Terms terms, List<String> at) {
        if (!task.flow().locks().isEmpty()) {
            report.add(
                    "E-BID-03",
                    "locks are held by the one who gives a place away, and nobody gives away a"
                            + " task by `"
                            + choice.way().word()
                            + "`",
                    Report.below(at, "locks"),
                    "nobody holds them",
                    "remove `locks`, or choose another `dispatch`");
        }
        reserve(task, choice, agents, terms)
                .ifPresent(least ->
                        report.add(
                                "W-BID-02",
                                "every agent that can do it declares a price above the reserve of $"
                                        + choice.bidding().reserve()
                                        + ", the least $"
                                        + least,
                                Report.below(at, "dispatch"),
                                "nobody may win",
                                "raise `reserve`, or let an agent bid less with `bid`"));
    }

    /// The least declared price, where all are declared and none is within the reserve.
    private static Optional<String> reserve(
            Task task, Terms.Choice choice, List<Agent> agents, Terms terms) {
        var reserve = choice.bidding().reserve();
        var able = Match.capable(agents, task.performer());
        if (reserve == null || able.isEmpty()) {
            return Optional.empty();
        }
        var prices = new ArrayList<Money>();
        for (var agent : able) {
            var usd = agent.price().usd();
            boolean own = terms.of(agent.id()).bid().get("price") != null;
            if (own || usd == null || usd.compareTo(reserve) <= 0) {
                return Optional.empty();
            }
            prices.add(usd);
        }
        return prices.stream().min(Money::compareTo).map(Object::toString);
    }
}

package dev.tutti.view;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a task waits for, in words, and what would move it.
public final class Reasons {
    private static final int MOST_OF_RULES = 400;

    private final String run;
    private final Obstacles obstacles;
    private final Function<Instant, String> moment;

    /// With moments to the second, in UTC.
    ///
    /// @param run as commands take it
    public Reasons(String run, Obstacles obstacles) {
        this(run, obstacles, Figures::instant);
    }

    /// @param run as commands take it
    /// @param moment how a moment is written
    public Reasons(String run, Obstacles obstacles, Function<Instant, String> moment) {
        this.run = run;
        this.obstacles = obstacles;
        this.moment = moment;
    }

    /// One word for programs.
    public static String kind(Why why) {
        return switch (why) {
            case Why.Dependencies _ -> "dependency";
            case Why.Place place -> place.agents().isEmpty() ? "nobody" : "agent";
            case Why.Auction _ -> "bids";
            case Why.Working _ -> "running";
            case Why.Pause _ -> "timer";
            case Why.Budget _ -> "budget";
            case Why.Person _ -> "person";
            case Why.Message _ -> "message";
            case Why.Child _ -> "run";
            case Why.Paused _ -> "paused";
        };
    }

    /// What it waits for.
    public String what(Why why) {
        return switch (why) {
            case Why.Dependencies(_, var on) ->
                    on.isEmpty() ? "its turn" : "task " + String.join(", ", on);
            case Why.Place place -> place(place);
            case Why.Auction auction -> auction(auction) + kept(auction.kept());
            case Why.Working(_, var agent, var until) ->
                    "agent " + agent + ", which is at it" + until(until);
            case Why.Pause(_, var until) -> "its next attempt, at " + moment.apply(until);
            case Why.Budget(_, var need, var left, _) ->
                    need + " of the budget, of which " + left + " is left";
            case Why.Person(_, var asked, var until) ->
                    Printable.line(asked.now().to(), 40)
                            + until(until)
                            + ": "
                            + Printable.line(asked.question().text(), 200);
            case Why.Message(_, var message, var until) ->
                    (message == null ? "the time" : "message " + Printable.line(message, 60))
                            + until(until);
            case Why.Child(_, var child) -> "run " + child;
            case Why.Paused(var since) -> "being resumed; paused since " + moment.apply(since);
        };
    }

    /// The moments that [#what] names, in its order.
    public List<Instant> moments(Why why) {
        var moments = new ArrayList<Instant>();
        new Reasons(
                        run,
                        obstacles,
                        at -> {
                            moments.add(at);
                            return "";
                        })
                .what(why);
        return moments;
    }

    /// The same as they are written there where nobody says otherwise, to be found in it.
    public Value momentsWritten(Why why) {
        return Value.from(moments(why).stream().map(Figures::instant).distinct().toList());
    }

    private String place(Why.Place place) {
        var words = new ArrayList<String>();
        for (var lock : place.locks()) {
            obstacles
                    .holder(lock)
                    .ifPresent(
                            other -> words.add("lock " + lock + ", which run " + other + " has"));
        }
        words.add(
                place.agents().isEmpty()
                        ? "an agent that can do it: there is none left"
                        : "a place at "
                                + String.join(
                                        " or ", place.agents().stream().map(this::name).toList()));
        return String.join("; ", words) + kept(place.kept());
    }

    private static String kept(@Nullable String rules) {
        return rules == null ? "" : "; kept from it by " + Printable.line(rules, MOST_OF_RULES);
    }

    private String name(AgentId agent) {
        if (obstacles.isOff(agent)) {
            return agent + " (switched off)";
        }
        return obstacles
                .leftAlone(agent)
                .map(until -> agent + " (left alone for failing until " + moment.apply(until) + ")")
                .orElse(agent.value());
    }

    /// Who would have to be switched on, where all that could do it are off.
    private Optional<AgentId> switchedOff(List<AgentId> agents) {
        return agents.stream().allMatch(obstacles::isOff)
                ? agents.stream().findFirst()
                : Optional.empty();
    }

    /// Whether time alone gives one of them a place again.
    private boolean isLeftAlone(List<AgentId> agents) {
        return agents.stream().anyMatch(agent -> obstacles.leftAlone(agent).isPresent())
                && agents.stream()
                        .allMatch(agent ->
                                obstacles.isOff(agent) || obstacles.leftAlone(agent).isPresent());
    }

    private String auction(Why.Auction auction) {
        if (auction.agents().isEmpty()) {
            return "an agent that may bid: there is none left" + until(auction.until());
        }
        var who = String.join(" or ", auction.agents().stream().map(one -> one.value()).toList());
        if (auction.claimed()) {
            return who + " to claim it";
        }
        var said =
                auction.replies()
                        + " of "
                        + auction.agents().size()
                        + " have answered, "
                        + Figures.count(auction.bids(), "bid")
                        + (auction.reserve() == null
                                ? ""
                                : ", none may win above $" + auction.reserve());
        boolean open = auction.until() != null && auction.replies() < auction.agents().size();
        return open
                ? "bids of " + who + until(auction.until()) + "; " + said
                : "a place at one who bid; " + said;
    }

    private String until(@Nullable Instant until) {
        return until == null ? "" : ", until " + moment.apply(until);
    }

    /// The command that would move it, or empty when it moves by itself.
    public String way(Why why) {
        return switch (why) {
            case Why.Dependencies _, Why.Pause _ -> "";
            case Why.Auction(var task, _, _, var agents, _, _, _, _, _) ->
                    agents.isEmpty()
                            ? "tutti reassign " + run + " " + task.name() + " AGENT"
                            : "tutti recover " + run;
            case Why.Working(var task, _, _) -> "tutti skip " + run + " " + task;
            case Why.Place(var task, var agents, _, _) ->
                    agents.isEmpty()
                            ? "tutti reassign " + run + " " + task.name() + " AGENT"
                            : switchedOff(agents)
                                    .map(agent -> "tutti agents --enable " + agent)
                                    .orElse(isLeftAlone(agents) ? "" : "tutti recover " + run);
            case Why.Budget(_, _, _, var limit) ->
                    "tutti raise " + new RunId(run).outermost() + " budget " + limit + " AMOUNT";
            case Why.Person(_, var asked, _) -> answer(asked.question());
            case Why.Message(var task, var message, _) ->
                    message == null
                            ? "tutti skip " + run + " " + task
                            : "tutti send " + run + " " + message;
            case Why.Child(_, var child) -> "tutti why " + child;
            case Why.Paused _ -> "tutti resume " + run;
        };
    }

    private String answer(Question question) {
        var id = run + "." + question.id();
        return question.choices().equals(List.of(Question.APPROVE, Question.DENY))
                ? "tutti approve " + id
                : "tutti answer " + id;
    }
}

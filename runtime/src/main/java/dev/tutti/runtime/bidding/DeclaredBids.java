package dev.tutti.runtime.bidding;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Action;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What agents bid by what the team file says of them: their `bid`, whose expressions see the
/// `input` that was announced and the agent's own state as `self`; where that says nothing their
/// declared `price`, with the tasks that they are at before the new one.
public final class DeclaredBids {
    /// Of agents that do not say how likely they succeed, as where a dispatcher chooses.
    private static final double LIKELY = 0.8;

    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final int MONEY_DIGITS = 9;
    private static final long MOST_SECONDS = 366L * 24 * 60 * 60;

    private final Expressions expressions;

    public DeclaredBids(Expressions expressions) {
        this.expressions = expressions;
    }

    /// Those of the tasks that an agent may bid for.
    public static List<Action.Announce> open(Agent agent, List<Action.Announce> tasks) {
        return tasks.stream()
                .filter(task -> !task.excluded().contains(agent.id()))
                .filter(task -> !Match.capable(List.of(agent), task.performer()).isEmpty())
                .toList();
    }

    /// The answers of an agent, one for each task.
    ///
    /// @param bid how it bids, as in the team file
    public List<Reply> replies(
            Agent agent, Value.Struct bid, Self self, List<Action.Announce> tasks) {
        var state = self.struct();
        return tasks.stream().map(task -> reply(agent, bid, self, state, task)).toList();
    }

    private Reply reply(
            Agent agent, Value.Struct bid, Self self, Value.Struct state, Action.Announce task) {
        try {
            var price = money(value(bid, "price", state, task));
            var time = time(value(bid, "time", state, task));
            var confidence = share(value(bid, "confidence", state, task));
            if (bid.get("price") != null && price == null) {
                return declines(task, "its `bid.price` gives none");
            }
            var said = agent.price();
            var own = said.time() == null ? A_SECOND : said.time();
            int ahead = self.busy() / Math.max(1, self.places());
            return new Reply.Bids(
                    task.task(),
                    task.round(),
                    new Bid(
                            price != null ? price : said.usd() == null ? Money.ZERO : said.usd(),
                            time != null ? time : own.multipliedBy(1L + ahead),
                            confidence != null
                                    ? confidence
                                    : said.success() == null ? LIKELY : said.success()));
        } catch (ExpressionException | IllegalArgumentException e) {
            return declines(task, "its `bid` gives none: " + e.getMessage());
        }
    }

    private static Reply declines(Action.Announce task, String reason) {
        return new Reply.Declines(task.task(), task.round(), reason);
    }

    private Value value(Value.Struct bid, String key, Value.Struct state, Action.Announce task) {
        var template = bid.get(key);
        return template == null
                ? Value.NULL
                : expressions.render(template, variable -> variable(variable, state, task));
    }

    private static @Nullable Value variable(String name, Value.Struct state, Action.Announce task) {
        return switch (name) {
            case "input" -> task.input();
            case "self" -> state;
            case "task" -> Value.text(task.task().toString());
            case "round" -> Value.of(task.round());
            case "reserve" ->
                    task.reserve() == null
                            ? Value.NULL
                            : new Value.Real(task.reserve().usd().doubleValue());
            default -> null;
        };
    }

    /// An amount in dollars, a negative one none.
    private static @Nullable Money money(Value value) {
        var usd =
                switch (value) {
                    case Value.Int(var whole) -> BigDecimal.valueOf(whole);
                    case Value.Real(var real) -> BigDecimal.valueOf(real);
                    case Value.Text(var text) -> new BigDecimal(text.strip());
                    case Value.Null _, Value.Bool _, Value.Array _, Value.Struct _ -> null;
                };
        return usd == null || usd.signum() < 0
                ? null
                : new Money(usd.setScale(MONEY_DIGITS, RoundingMode.HALF_UP));
    }

    /// Seconds, or a time such as `3s`.
    private static @Nullable Duration time(Value value) {
        return switch (value) {
            case Value.Int(var whole) -> seconds((double) whole);
            case Value.Real(var real) -> seconds(real);
            case Value.Text(var text) ->
                    TimeText.parse(text)
                            .orElseThrow(() ->
                                    new IllegalArgumentException("`" + text + "` is no time"));
            case Value.Null _, Value.Bool _, Value.Array _, Value.Struct _ -> null;
        };
    }

    private static Duration seconds(double seconds) {
        if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
            throw new IllegalArgumentException(seconds + " s is no time");
        }
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private static @Nullable Double share(Value value) {
        var share =
                switch (value) {
                    case Value.Int(var whole) -> Double.valueOf((double) whole);
                    case Value.Real(var real) -> Double.valueOf(real);
                    case Value.Null _, Value.Bool _, Value.Text _, Value.Array _, Value.Struct _ ->
                            null;
                };
        return share;
    }
}

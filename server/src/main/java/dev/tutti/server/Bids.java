package dev.tutti.server;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.bidding.Bidder.Announcement;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Problem;
import dev.tutti.server.workers.Tender;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What workers are told of tasks that take bids, and what they say to them.
final class Bids {
    private static final int LONGEST_REASON = 500;

    private final Announcement announcement;
    private final List<Reply> replies = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private Bids(Announcement announcement) {
        this.announcement = announcement;
    }

    // ---- what they are told

    static Value.Struct told(Tender tender) {
        var announcement = tender.announcement();
        var fields = new LinkedHashMap<String, Value>();
        fields.put("announcement", Value.text(tender.id()));
        fields.put("run", Value.text(announcement.run()));
        fields.put("agent", Value.text(announcement.agent().id().value()));
        var deadline = announcement.deadline();
        if (deadline != null) {
            fields.put("deadline", Value.text(deadline.toString()));
            double left = Duration.between(Instant.now(), deadline).toMillis() / 1_000.0;
            fields.put("seconds_left", new Value.Real(Math.max(0, left)));
        }
        fields.put("self", announcement.self().struct());
        fields.put(
                "tasks",
                new Value.Array(
                        announcement.tasks().stream()
                                .map(one -> told(announcement, one))
                                .toList()));
        return new Value.Struct(fields);
    }

    private static Value told(Announcement announcement, Action.Announce task) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("task", Value.text(task.task().toString()));
        fields.put("round", Value.of(task.round()));
        if (task.performer() instanceof Performer.BySkill(var skill, _, _)) {
            fields.put("skill", Value.text(skill.value()));
        }
        fields.put("input", task.input());
        var reserve = task.reserve();
        if (reserve != null) {
            fields.put("reserve", Value.text(reserve.toString()));
        }
        if (announcement.otherwise(task).orElse(null) instanceof Reply.Bids(_, _, var bid)) {
            fields.put(
                    "otherwise",
                    Value.struct(
                            "price", Value.text(bid.price().toString()),
                            "time", new Value.Real(bid.time().toMillis() / 1_000.0),
                            "confidence", new Value.Real(bid.confidence())));
        }
        return new Value.Struct(fields);
    }

    // ---- what they say

    /// The bids of a request; of what one leaves out, what the team file would have the agent say.
    ///
    /// @throws Problem with every fault
    static List<Reply> read(Body body, Announcement announcement) {
        if (!(body.fields().get("bids") instanceof Value.Array(var items))) {
            throw Problem.badRequest(
                    "`bids` is a list: { task, price, time, confidence } or { task, decline }");
        }
        var bids = new Bids(announcement);
        for (int i = 0; i < items.size(); i++) {
            bids.read("bids[" + i + "]", items.get(i));
        }
        if (!bids.faults.isEmpty()) {
            throw Problem.badRequest(String.join("; ", bids.faults));
        }
        return bids.replies;
    }

    private void read(String at, Value item) {
        if (!(item instanceof Value.Struct said)) {
            faults.add(at + " is to be an object");
            return;
        }
        var named = said.text("task");
        var task =
                announcement.tasks().stream()
                        .filter(one -> one.task().toString().equals(named))
                        .findFirst();
        if (task.isEmpty()) {
            faults.add(at + ".task names no task of this announcement");
            return;
        }
        var id = task.get().task();
        int round = task.get().round();
        switch (said.get("decline")) {
            case null -> bid(at, said, task.get());
            case Value.Text(var reason) ->
                    replies.add(new Reply.Declines(id, round, shortened(reason)));
            default -> faults.add(at + ".decline says why, in a text");
        }
    }

    private void bid(String at, Value.Struct said, Action.Announce task) {
        int before = faults.size();
        var price = money(at, said.get("price"));
        var time = time(at, said.get("time"));
        var confidence = share(at, said.get("confidence"));
        if (faults.size() > before) {
            return;
        }
        var otherwise =
                announcement.otherwise(task).orElse(null) instanceof Reply.Bids bids
                        ? Optional.of(bids.bid())
                        : Optional.<Bid>empty();
        replies.add(
                new Reply.Bids(
                        task.task(),
                        task.round(),
                        new Bid(
                                price != null
                                        ? price
                                        : otherwise.map(Bid::price).orElse(Money.ZERO),
                                time != null
                                        ? time
                                        : otherwise.map(Bid::time).orElse(Duration.ofSeconds(1)),
                                confidence != null
                                        ? confidence
                                        : otherwise.map(Bid::confidence).orElse(1.0))));
    }

    private static String shortened(String reason) {
        var plain = reason.replaceAll("\\p{C}", " ").strip();
        return plain.length() <= LONGEST_REASON ? plain : plain.substring(0, LONGEST_REASON);
    }

    private @Nullable Money money(String at, @Nullable Value value) {
        var usd =
                switch (value) {
                    case null -> null;
                    case Value.Int(var whole) -> BigDecimal.valueOf(whole);
                    case Value.Real(var real) when real >= 0 && real < 1e9 ->
                            BigDecimal.valueOf(real).setScale(12, RoundingMode.HALF_UP);
                    case Value.Text(var text) when text.matches("\\d{1,9}(\\.\\d{1,12})?") ->
                            new BigDecimal(text);
                    default -> BigDecimal.ONE.negate();
                };
        if (usd != null && usd.signum() < 0) {
            faults.add(at + ".price is dollars, 0 or more, best as a string: \"0.0125\"");
            return null;
        }
        return usd == null ? null : new Money(usd);
    }

    private @Nullable Duration time(String at, @Nullable Value value) {
        var time =
                switch (value) {
                    case null -> Optional.<Duration>empty();
                    case Value.Int(var whole) when whole >= 0 && whole < 1e9 ->
                            Optional.of(Duration.ofSeconds(whole));
                    case Value.Real(var real) when real >= 0 && real < 1e9 ->
                            Optional.of(Duration.ofMillis(Math.round(real * 1_000)));
                    case Value.Text(var text) -> TimeText.parse(text);
                    default -> Optional.<Duration>empty();
                };
        if (value != null && time.isEmpty()) {
            faults.add(at + ".time is seconds, or a text such as \"3s\"");
        }
        return time.orElse(null);
    }

    private @Nullable Double share(String at, @Nullable Value value) {
        var share =
                switch (value) {
                    case null -> null;
                    case Value.Int(var whole) -> Double.valueOf((double) whole);
                    case Value.Real(var real) -> Double.valueOf(real);
                    default -> Double.valueOf(Double.NaN);
                };
        if (share != null && !(share > 0 && share <= 1)) {
            faults.add(at + ".confidence is above 0 and at most 1");
            return null;
        }
        return share;
    }
}

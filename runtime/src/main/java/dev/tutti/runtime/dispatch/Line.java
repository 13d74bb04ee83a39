package dev.tutti.runtime.dispatch;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.evidence.Panel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Those that wait for the same kind of place, and the agents that have one.
final class Line {
    /// Candidates recorded with an offer, at most: enough to explain it.
    private static final int MOST_CANDIDATES = Panel.EXACT;

    /// The version of the policies that look at one thing.
    private static final String IN_TURN = "1";

    private final List<Pool> pools;
    private final Terms.Worth worth;
    private final Supplier<Panel> weighing;
    private final Queue queue;
    private final List<Choosing.Filter> filters;
    private final Consulting consulting;

    /// How it was chosen last, by policy: a program's own may be of another version each time.
    private final Map<String, Choosing> choosing = new HashMap<>();

    private final boolean[] free;
    private final double[] scores;
    private @Nullable Panel panel;
    private int turn;

    /// @param weighing what is known of the agents, asked for when one is first weighed
    /// @param filters what took out other agents of the team
    /// @param consulting asks programs' own policies
    Line(
            List<Pool> pools,
            Terms.Worth worth,
            Supplier<Panel> weighing,
            Queue queue,
            List<Choosing.Filter> filters,
            Consulting consulting) {
        this.consulting = consulting;
        this.filters = List.copyOf(filters);
        this.pools = List.copyOf(pools);
        this.worth = worth;
        this.weighing = weighing;
        this.queue = queue;
        free = new boolean[pools.size()];
        scores = new double[pools.size()];
    }

    private Panel panel() {
        var known = panel;
        if (known == null) {
            known = weighing.get();
            panel = known;
        }
        return known;
    }

    List<Pool> pools() {
        return pools;
    }

    Queue queue() {
        return queue;
    }

    /// Takes a place for a task at the agent that is chosen among those that are free.
    Optional<Offer> take(Want want, Instant now) {
        int some = 0;
        for (int i = 0; i < free.length; i++) {
            free[i] = pools.get(i).free(now);
            some += free[i] ? 1 : 0;
        }
        if (some == 0) {
            return Optional.empty();
        }
        for (int i = 0; want.preferred() != null && i < free.length; i++) {
            if (free[i] && pools.get(i).agent().id().equals(want.preferred())) {
                consulting.forget(this, want);
                return Optional.of(offer(want, i, inTurn(i, now), Choosing.SAME, IN_TURN));
            }
        }
        var way = want.wish().choice().way();
        if (way == Terms.Way.ROUND_ROBIN || way == Terms.Way.NAMED) {
            return Optional.of(next(want, now));
        }
        if (way == Terms.Way.CUSTOM) {
            return custom(want, now);
        }
        int chosen = panel().choose(way, worth, want.wish().content(), free, scores);
        return Optional.of(offer(want, chosen, best(way, chosen, now), way.word(), version(way)));
    }

    /// As a program's own policy says, or in turn where it says nothing that can be used; empty
    /// while it has not answered.
    private Optional<Offer> custom(Want want, Instant now) {
        var name = Terms.Way.CUSTOM.word() + "/" + want.wish().choice().policy();
        var answer =
                consulting
                        .answer(
                                this,
                                want,
                                String.valueOf(want.wish().choice().policy()),
                                this::options)
                        .orElse(null);
        if (answer == null) {
            return Optional.empty();
        }
        var given = answer.scores();
        if (given == null || given.length != scores.length) {
            var offer = next(want, now);
            var why = "`" + name + "` " + answer.why();
            return Optional.of(
                    new Offer(
                            offer.task(),
                            offer.agent(),
                            offer.candidates(),
                            offer.choosing().instead(why)));
        }
        System.arraycopy(given, 0, scores, 0, given.length);
        int chosen = -1;
        for (int i = 0; i < free.length; i++) {
            if (free[i] && (chosen < 0 || scores[i] > scores[chosen])) {
                chosen = i;
            }
        }
        return Optional.of(
                offer(want, chosen, best(Terms.Way.CUSTOM, chosen, now), name, answer.version()));
    }

    private List<DispatchPolicy.Option> options() {
        var options = new ArrayList<DispatchPolicy.Option>(free.length);
        for (int i = 0; i < free.length; i++) {
            var one = panel().standing(i);
            options.add(
                    new DispatchPolicy.Option(
                            one.agent(),
                            free[i],
                            one.success(),
                            one.doubt(),
                            one.usd(),
                            one.time().toMillis() / 1_000.0));
        }
        return options;
    }

    private Offer next(Want want, Instant now) {
        int place = turn;
        while (!free[place]) {
            place = (place + 1) % free.length;
        }
        var candidates = inTurn(turn, now);
        turn = (place + 1) % free.length;
        var way = want.wish().choice().way();
        var policy = way == Terms.Way.CUSTOM ? Terms.Way.ROUND_ROBIN.word() : way.word();
        return offer(want, place, candidates, policy, IN_TURN);
    }

    private static String version(Terms.Way way) {
        return way == Terms.Way.LEARNED || way == Terms.Way.BEST ? Evidence.POLICY : IN_TURN;
    }

    private Offer offer(
            Want want, int place, List<Candidate> candidates, String policy, String version) {
        var pool = pools.get(place);
        pool.take();
        var how = choosing.get(policy);
        if (how == null || !how.version().equals(version)) {
            how = new Choosing(policy, version, pools.size(), filters);
            choosing.put(policy, how);
        }
        return new Offer(want.task(), pool.agent(), candidates, how);
    }

    /// In the order in which they are asked; the score says who was nearer.
    private List<Candidate> inTurn(int first, Instant now) {
        int count = free.length;
        var candidates = new ArrayList<Candidate>(Math.min(count, MOST_CANDIDATES));
        for (int i = 0; i < count && i < MOST_CANDIDATES; i++) {
            var pool = pools.get((first + i) % count);
            candidates.add(
                    new Candidate(pool.agent().id(), 1.0 - (double) i / count, pool.excluded(now)));
        }
        return candidates;
    }

    /// The one that was chosen, and the others by their scores.
    private List<Candidate> best(Terms.Way way, int chosen, Instant now) {
        var best = new ArrayList<Integer>(MOST_CANDIDATES + 1);
        double least = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < free.length; i++) {
            if (scores[i] <= least || i == chosen) {
                continue;
            }
            int at = best.size();
            while (at > 0 && scores[best.get(at - 1)] < scores[i]) {
                at--;
            }
            best.add(at, i);
            if (best.size() == MOST_CANDIDATES) {
                best.removeLast();
                least = scores[best.getLast()];
            }
        }
        best.addFirst(chosen);
        return best.stream()
                .map(i ->
                        new Candidate(
                                pools.get(i).agent().id(),
                                scores[i],
                                pools.get(i).excluded(now),
                                panel().parts(way, worth, i, scores[i])))
                .toList();
    }
}

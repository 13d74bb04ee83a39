package dev.tutti.forecast;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Everyone whom a run meets, drawn by chance: agents, people, and those who send messages.
final class Cast implements VirtualTime.World {

    /// What a recorded attempt that was over its time is taken to need, at least.
    private static final int LONGER = 2;

    private static final int DIGITS = 9;

    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final Set<String> sent = new LinkedHashSet<>();
    private final Experience experience;
    private final Guesses guesses;
    private final Known known;
    private final SplittableRandom dice;
    private final Map<Key, Odds.Draw> draws = new LinkedHashMap<>();

    /// Who gave the result that is looked at, and how likely what they give passes.
    private final Map<Author, String> authors = new LinkedHashMap<>();

    private final Map<Key, Double> passing = new LinkedHashMap<>();

    private record Author(StreamId run, TaskId task) {}

    private record Key(String agent, String task, boolean look) {}

    /// What a forecast rests on, by agent and task.
    static final class Known {
        private final Map<Key, Odds> odds = new LinkedHashMap<>();
        private final SequencedSet<String> assumed = new LinkedHashSet<>();

        /// Where what each agent does is known from, in words.
        Map<String, String> sources() {
            var sources = new LinkedHashMap<String, String>();
            odds.forEach((key, one) ->
                    sources.put(
                            key.agent() + " · " + key.task() + (key.look() ? " (verify)" : ""),
                            one.source()));
            return sources;
        }

        SequencedSet<String> assumed() {
            return assumed;
        }
    }

    Cast(Team team, Experience experience, Guesses guesses, Known known, SplittableRandom dice) {
        this.experience = experience;
        this.guesses = guesses;
        this.known = known;
        this.dice = dice;
        team.agents().forEach(agent -> agents.put(agent.id().value(), agent));
        for (var workflow : team.workflows()) {
            for (var task : workflow.tasks()) {
                if (task.flow().emit() != null) {
                    sent.add(task.flow().emit().type());
                }
            }
        }
    }

    // ---- agents

    @Override
    public VirtualTime.Work perform(Deed.Perform perform) {
        var attempt = perform.attempt();
        boolean look = attempt.input().equals(Skeleton.LOOK);
        var key = new Key(attempt.agent().value(), attempt.task().name(), look);
        var drawn = draws.computeIfAbsent(key, _ -> odds(key).inOneRun(dice.split())).next(dice);
        var usage = new Usage(money(drawn.usd()), 0, 0);
        var author = new Author(perform.run(), attempt.task());
        if (look) {
            drawn = judged(drawn, authors.getOrDefault(author, ""), attempt.task().name());
        } else {
            authors.put(author, attempt.agent().value());
        }
        return drawn.timedOut()
                ? new VirtualTime.Work(
                        drawn.time().multipliedBy(LONGER),
                        new Outcome.Failed(new Failure.Transient("foreseen", "too slow"), usage))
                : new VirtualTime.Work(drawn.time(), outcome(drawn, look, usage));
    }

    /// A verdict depends on whose result it is about, where enough is on record of that.
    private Attempted judged(Attempted look, String author, String task) {
        if (look.failure() != null && !(look.failure() instanceof Failure.Rejected)) {
            return look;
        }
        double passes =
                passing.computeIfAbsent(new Key(author, task, true), key -> passing(key, dice));
        return passes < 0
                ? look
                : new Attempted(
                        look.time(),
                        look.usd(),
                        dice.nextDouble() < passes
                                ? null
                                : new Failure.Rejected("verify", "as it fell"),
                        look.again());
    }

    /// How likely it passes in this run (Bayesian bootstrap, as of [Learned]); negative where too
    /// little is on record.
    private double passing(Key key, SplittableRandom dice) {
        if (key.agent().isEmpty()) {
            return -1;
        }
        var quality = experience.quality(key.task(), new AgentId(key.agent()));
        if (quality.results() < Learned.LEAST) {
            return -1;
        }
        double passed = 0;
        double all = 0;
        for (int i = 0; i < quality.results(); i++) {
            double weight = -Math.log(1 - dice.nextDouble());
            all += weight;
            passed += i < quality.passed() ? weight : 0;
        }
        return passed / all;
    }

    private static Outcome outcome(Attempted drawn, boolean look, Usage usage) {
        return switch (drawn.failure()) {
            case null -> new Outcome.Succeeded(Skeleton.output(true, drawn.again()), usage);
            case Failure.Rejected _ when look ->
                    new Outcome.Succeeded(Skeleton.output(false, false), usage);
            case Failure failure -> new Outcome.Failed(failure, usage);
        };
    }

    private static Money money(double usd) {
        return new Money(
                BigDecimal.valueOf(Math.max(0, usd)).setScale(DIGITS, RoundingMode.HALF_EVEN));
    }

    private Odds odds(Key key) {
        return known.odds.computeIfAbsent(key, this::find);
    }

    private Odds find(Key key) {
        var agent = agents.get(key.agent());
        if (agent == null) {
            return Declared.UNKNOWN;
        }
        var learned = experience.odds(agent, key.task(), key.look());
        if (learned.isPresent()) {
            return learned.get();
        }
        return Declared.of(agent)
                .orElseGet(() -> {
                    known.assumed.add(
                            "nothing is known of `"
                                    + key.agent()
                                    + "`: it is taken to need 1 s to 10 s, cost nothing and"
                                    + " never fail");
                    return Declared.UNKNOWN;
                });
    }

    // ---- people and messages

    @Override
    public VirtualTime.@Nullable Reply hear(StreamId run, Event event) {
        return switch (event) {
            case Event.QuestionAsked asked -> answer(asked.question());
            case Event.Awaited awaited -> message(awaited);
            default -> null;
        };
    }

    private VirtualTime.@Nullable Reply answer(Question question) {
        var task = question.task() == null ? "" : question.task().name();
        var recorded = experience.answer(task, question.purpose(), dice);
        if (recorded != null) {
            return reply(question, recorded.after(), recorded.answer());
        }
        var after = guesses.person();
        boolean foreseen =
                question.purpose() == Question.Purpose.TASK
                        || question.purpose() == Question.Purpose.APPROVAL;
        if (after == null || !foreseen) {
            if (foreseen) {
                known.assumed.add(
                        "nobody is known to answer for `"
                                + task
                                + "`: the forecast ends where a person is asked; say how long"
                                + " people take with --person 5m");
            }
            return null;
        }
        return reply(
                question,
                after,
                Value.text(
                        question.choices().isEmpty()
                                ? Question.APPROVE
                                : question.choices().getFirst()));
    }

    private static VirtualTime.Reply reply(Question question, Duration after, Value answer) {
        return new VirtualTime.Reply(
                after,
                new Request.Answer(question.id(), answer, "", null, null),
                question.ask().getFirst().to());
    }

    private VirtualTime.@Nullable Reply message(Event.Awaited awaited) {
        var type = awaited.message();
        if (type == null || sent.contains(type)) {
            return null;
        }
        var after = experience.message(awaited.task().name(), dice);
        if (after == null) {
            if (awaited.due() == null) {
                known.assumed.add(
                        "message `" + type + "` is taken to be there as soon as it is waited for");
            }
            return awaited.due() == null ? deliver(Duration.ZERO, type) : null;
        }
        return deliver(after, type);
    }

    private static VirtualTime.Reply deliver(Duration after, String type) {
        return new VirtualTime.Reply(
                after, new Request.Deliver(type, Value.Struct.EMPTY), "somebody");
    }
}

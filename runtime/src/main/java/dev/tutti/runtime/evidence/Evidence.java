package dev.tutti.runtime.evidence;

import dev.tutti.core.dispatch.PastBids;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.run.Digest;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Voters;
import dev.tutti.core.synthesis.Experience;
import dev.tutti.runtime.agent.Attempt.Shown;
import dev.tutti.runtime.journal.StreamId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is known of all agents of a store, kept up with the events of its runs.
///
/// An agent is known by its name and its definition: one that was changed begins anew, from what it
/// says of itself. One that does otherwise than it did is noticed, and what was known of it and of
/// those it is compared with counts for little from then on.
public final class Evidence {
    /// The name of this way of learning, and its version.
    public static final String POLICY = "thompson/1";

    /// Agents with their skills that are known at once, the least used forgotten.
    private static final int MOST = 20_000;

    /// What is left of what was known once it is noticed to hold no more.
    private static final double LEFT = 0.05;

    private static final double A_SECOND = 1;
    private static final int DIGITS = 6;

    /// Skills whose voters are known at once.
    private static final int MOST_VOTED = 1_000;

    private final Draws draws;
    private final ContentReader reader;
    private final Consumer<Evidence> memory;
    private final Map<Key, Standing> standings = new LinkedHashMap<>();
    private final Map<String, Skilled> skills = new HashMap<>();
    private final Map<StreamId, Map<Long, Begun>> begun = new HashMap<>();
    private final Map<StreamId, Map<TaskId, Begun>> proposed = new HashMap<>();
    private final Map<String, Experience> voters = new LinkedHashMap<>();
    private final Reputation reputation = new Reputation();
    private long verdicts;
    private boolean remembers;
    private boolean distant;

    private record Key(AgentId agent, String definition, String skill) {}

    /// An attempt under way.
    ///
    /// @param standing whose it is, or null for a run of its own
    private record Begun(Instant at, String skill, @Nullable Standing standing, Content content) {}

    /// What is known of a skill, whoever does it.
    private static final class Skilled {
        private final Kinds kinds = new Kinds();
        private final Mean seconds = new Mean(A_SECOND, 0.1);
    }

    /// Evidence that reads nothing into what tasks are about, and remembers nothing.
    ///
    /// @param seed of the chances that are taken
    public Evidence(long seed) {
        this(seed, (_, _) -> Content.UNKNOWN, _ -> {});
    }

    /// @param reader what a task with this input is about
    /// @param memory lets it learn from what was before, once, when it first matters
    public Evidence(long seed, ContentReader reader, Consumer<Evidence> memory) {
        draws = new Draws(seed);
        this.reader = reader;
        this.memory = memory;
    }

    /// What was learned from runs before this process matters from now on.
    public void remember() {
        if (!remembers) {
            remembers = true;
            memory.accept(this);
        }
    }

    /// What a task with this input is about, as far as the team tells tasks apart.
    public Content content(Value.Struct input, Terms.Worth worth) {
        return worth.content() == Terms.Content.NONE
                ? Content.UNKNOWN
                : reader.read(input, worth.content());
    }

    /// How near two answers are in meaning, as far as that can be told here.
    public double nearness(Value one, Value other) {
        return reader.nearness(one, other);
    }

    /// What follows was long ago: what takes a model's time to read is not read.
    public void longAgo(boolean distant) {
        this.distant = distant;
    }

    private Content past(Value.Struct input, Terms.Worth worth) {
        return distant && worth.content() == Terms.Content.MEANING
                ? Content.UNKNOWN
                : content(input, worth);
    }

    /// The agents that could do the same, to choose one of them.
    public Panel panel(List<Agent> agents, Performer performer) {
        var skill = skill(performer);
        return new Panel(
                agents.stream().map(agent -> standing(agent, skill)).toList(),
                skilled(skill).kinds,
                draws);
    }

    /// How an agent stands with what a performer names.
    public Standing standing(Agent agent, Performer performer) {
        return standing(agent, skill(performer));
    }

    /// What an attempt of an agent is expected to cost, in whole millionths of a dollar; empty
    /// where neither it nor its results say.
    public Optional<Money> expected(Agent agent, Performer performer) {
        remember();
        var standing = standing(agent, performer);
        boolean known = agent.price().usd() != null || standing.good() + standing.bad() > 0;
        return known
                ? Optional.of(
                        new Money(
                                BigDecimal.valueOf(Math.max(0, standing.usd()))
                                        .setScale(DIGITS, RoundingMode.HALF_UP)))
                : Optional.empty();
    }

    private Standing standing(Agent agent, String skill) {
        var key = new Key(agent.id(), definition(agent), skill);
        var known = standings.get(key);
        if (known == null) {
            if (standings.size() >= MOST) {
                standings.remove(standings.keySet().iterator().next());
            }
            known = new Standing(agent.id(), skill, profile(agent.price()));
            standings.put(key, known);
        }
        return known;
    }

    /// What an agent says of itself, as far as it says anything.
    private static Standing.Profile profile(Agent.Price price) {
        var none = Standing.Profile.NONE;
        return new Standing.Profile(
                price.success() == null ? none.success() : price.success(),
                price.usd() == null ? none.usd() : price.usd().usd().doubleValue(),
                price.time() == null ? none.seconds() : price.time().toMillis() / 1_000.0);
    }

    /// Everything that makes an agent do what it does.
    private static String definition(Agent agent) {
        return agent.uses() + " " + Digest.canonical(agent.settings());
    }

    /// How the agents of a team have done, each with each of its skills, as far as they were
    /// judged.
    public List<Shown> shown(Team team) {
        remember();
        var all = new ArrayList<Shown>();
        for (var agent : team.agents()) {
            for (var skill : agent.skills()) {
                var known = standings.get(new Key(agent.id(), definition(agent), skill.value()));
                if (known != null && known.good() + known.bad() > 0) {
                    all.add(
                            new Shown(
                                    agent.id(),
                                    skill,
                                    known.good() + known.bad(),
                                    known.success(),
                                    known.usd(),
                                    known.seconds()));
                }
            }
        }
        return all;
    }

    /// All that is known, in the order in which it came to be.
    public Collection<Standing> standings() {
        return List.copyOf(standings.values());
    }

    /// How many seconds whoever does it is expected to take.
    public double seconds(Performer performer) {
        var known = skills.get(skill(performer));
        return known == null ? A_SECOND : known.seconds.get();
    }

    /// Grows with what was learned.
    public long verdicts() {
        return verdicts;
    }

    private Skilled skilled(String skill) {
        return skills.computeIfAbsent(skill, _ -> new Skilled());
    }

    /// As nothing else is called: skills have no capitals.
    private static String skill(Performer performer) {
        return switch (performer) {
            case Performer.BySkill(var skill, _, _) -> skill.value();
            case Performer.ByAgent(var agent) -> "AGENT " + agent;
            case Performer.ByWorkflow(var workflow) -> "WORKFLOW " + workflow;
            case Performer.ByMessage _ -> "MESSAGE";
        };
    }

    /// What the earlier bids of an agent for such tasks were worth.
    public PastBids past(Agent agent, Performer performer) {
        return reputation.of(definition(agent), agent.id(), skill(performer));
    }

    // ---- learning

    /// One more event of a run.
    ///
    /// @param before the state it was appended to
    public void see(StreamId run, RunState before, Event event, Instant at, Team team) {
        reputation.see(run, event, at);
        switch (event) {
            case Event.Assigned e -> begin(run, before, e, at, team);
            case Event.ChildStarted e -> {
                var skill = skill(before.performer(e.task()));
                put(run, e.token(), new Begun(at, skill, null, Content.UNKNOWN));
            }
            case Event.ResultProposed e -> {
                var ended = took(run, e.token(), e.usage(), at);
                if (ended != null) {
                    proposed.computeIfAbsent(run, _ -> new HashMap<>()).put(e.task(), ended);
                }
            }
            case Event.ResultAccepted e -> accepted(run, e.task(), e.token(), e.usage(), at);
            case Event.Iterated e -> accepted(run, e.task(), e.token(), e.usage(), at);
            case Event.HandedOver e -> took(run, e.token(), e.usage(), at);
            case Event.AttemptEnded e -> ended(run, e, at);
            case Event.Ended _ -> {
                begun.remove(run);
                proposed.remove(run);
                voted(before, team);
            }
            default -> {}
        }
    }

    // ---- those who vote

    /// What runs that have ended tell of those of a team who do the tasks of a performer.
    public Experience voters(Performer performer, Team team) {
        remember();
        return voters.getOrDefault(skill(performer), Experience.NONE).named(calledHere(team));
    }

    private void voted(RunState ended, Team team) {
        var performers = Voters.of(ended);
        if (performers.isEmpty()) {
            return;
        }
        var here = calledHere(team);
        var there = new LinkedHashMap<String, String>();
        here.forEach((everywhere, name) -> there.put(name, everywhere));
        for (var performer : performers) {
            var skill = skill(performer);
            if (voters.size() >= MOST_VOTED && !voters.containsKey(skill)) {
                voters.remove(voters.keySet().iterator().next());
            }
            var known = voters.getOrDefault(skill, Experience.NONE);
            var learned = Voters.learned(ended, performer, known.named(here));
            voters.put(skill, known.and(learned.named(there)));
        }
    }

    /// What agents that are what these are are called, whatever the team, and in this one.
    private static Map<String, String> calledHere(Team team) {
        var names = new LinkedHashMap<String, String>();
        for (var agent : team.agents()) {
            names.put(agent.id() + " " + definition(agent), agent.id().value());
        }
        return names;
    }

    private void begin(StreamId run, RunState before, Event.Assigned event, Instant at, Team team) {
        var performer = before.performer(event.task());
        for (var agent : team.agents()) {
            if (agent.id().equals(event.agent()) && !agent.isHuman()) {
                reputation.begun(run, before, event, definition(agent), skill(performer), at);
                var input = before.task(event.task()).input();
                put(
                        run,
                        event.token(),
                        new Begun(
                                at,
                                skill(performer),
                                standing(agent, performer),
                                past(input, team.terms().worth())));
                return;
            }
        }
    }

    private void put(StreamId run, long token, Begun one) {
        begun.computeIfAbsent(run, _ -> new HashMap<>()).put(token, one);
    }

    private @Nullable Begun took(StreamId run, long token, Usage usage, Instant at) {
        var one = over(run, token);
        if (one != null) {
            double seconds = Math.max(0, Duration.between(one.at, at).toMillis() / 1_000.0);
            if (one.standing == null) {
                skilled(one.skill).seconds.learn(seconds);
            } else {
                paid(one.standing, usage.usd().usd().doubleValue(), seconds);
            }
        }
        return one;
    }

    private @Nullable Begun over(StreamId run, long token) {
        var open = begun.get(run);
        return open == null ? null : open.remove(token);
    }

    private @Nullable Begun proposal(StreamId run, TaskId task) {
        var open = proposed.get(run);
        return open == null ? null : open.remove(task);
    }

    /// A second look that found a result good, or not, was itself done well.
    private void accepted(StreamId run, TaskId task, long token, Usage usage, Instant at) {
        verdict(took(run, token, usage, at), 1, at);
        verdict(proposal(run, task), 1, at);
    }

    private void ended(StreamId run, Event.AttemptEnded event, Instant at) {
        switch (event.failure()) {
            case Failure.Rejected(var gate, _) when gate.equals("verify") -> {
                verdict(took(run, event.token(), event.usage(), at), 1, at);
                verdict(proposal(run, event.task()), 0, at);
            }
            case Failure.Rejected _, Failure.Transient _, Failure.Permanent _, Failure.TimedOut _ ->
                    verdict(took(run, event.token(), event.usage(), at), 0, at);
            case Failure.Crashed _,
                    Failure.Quarantined _,
                    Failure.Interrupted _,
                    Failure.Suspended _,
                    Failure.Cancelled _ ->
                    over(run, event.token());
        }
    }

    private void verdict(@Nullable Begun one, double good, Instant at) {
        if (one != null && one.standing != null) {
            learn(one.standing, one.content, good, at);
        }
    }

    /// What an attempt of an agent took.
    public void paid(Standing standing, double usd, double seconds) {
        skilled(standing.skill()).seconds.learn(seconds);
        standing.learnCost(usd, seconds);
    }

    /// A verdict on an agent.
    ///
    /// @param good from 0 to 1
    public void learn(Standing standing, Content content, double good, Instant at) {
        verdicts++;
        var kinds = skilled(standing.skill()).kinds.of(content);
        if (standing.learn(good, kinds, content.known(), at)) {
            skilled(standing.skill()).kinds.shifted();
            standings.values().stream()
                    .filter(other -> other.skill().equals(standing.skill()))
                    .forEach(other -> other.forget(LEFT));
        }
    }
}

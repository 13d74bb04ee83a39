package dev.tutti.runtime.topic;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who waits for messages of the topics of one tenant, and what they and the time trigger, as the
/// stream of subscriptions says.
public final class Board {
    /// Where calls of the server's hooks are published.
    public static final String HOOKS = "hooks";

    private static final int PAGE = 2_000;

    /// Requests that are known again when they come twice: the newest.
    private static final int MOST_KNOWN = 10_000;

    private final Function<String, Team> teams;
    private final Index index = new Index();
    private final SortedSet<String> topics = new TreeSet<>();
    private final SortedMap<String, Deployment> deployments = new TreeMap<>();
    private final SequencedMap<String, Subscription.Begins> triggers = new LinkedHashMap<>();
    private final SequencedMap<String, Timed> times = new LinkedHashMap<>();

    /// Up to when a trigger's times have been minded. It is known of triggers that are deployed
    /// anew as well: the clock may have been set back since.
    private final Map<String, Instant> struck = new HashMap<>();

    private final Map<Place, Group> groups = new HashMap<>();
    private final Map<RunId, Place> minded = new HashMap<>();
    private final SequencedSet<String> requests = new LinkedHashSet<>();

    /// A team whose triggers begin runs.
    ///
    /// @param team hash of its definition
    /// @param from where it was read, for people
    public record Deployment(String name, String team, String from, Instant at) {}

    /// A trigger that begins runs at certain times.
    ///
    /// @param next when its time comes next, or null when it never does
    public record Timed(
            String id,
            String workflow,
            String team,
            Trigger trigger,
            Schedule schedule,
            @Nullable Instant next) {
        Timed after(Instant moment) {
            return new Timed(
                    id, workflow, team, trigger, schedule, schedule.after(moment).orElse(null));
        }
    }

    /// Which runs of a trigger are told apart.
    private record Place(String trigger, String group) {}

    /// The run of a trigger that is under way, and those that wait for its end.
    public static final class Group {
        private @Nullable RunId running;
        private final Deque<Queued> queue = new ArrayDeque<>();

        /// The run that is under way.
        public Optional<RunId> running() {
            return Optional.ofNullable(running);
        }

        public int waiting() {
            return queue.size();
        }
    }

    /// A run that begins when another has ended.
    public record Queued(RunId run, String workflow, String team, Value.Struct inputs) {}

    private Board(Function<String, Team> teams) {
        this.teams = teams;
    }

    /// Folds what the journal has.
    ///
    /// @param teams reads the team of a hash
    public static Board of(
            JournalReader journal, StreamId subscriptions, Function<String, Team> teams) {
        var board = new Board(teams);
        long sequence = 0;
        while (true) {
            var page = journal.read(subscriptions, sequence, PAGE);
            for (var entry : page) {
                var event = entry.event();
                board.fold(Enlisted.of(entry), event.at(), event.cause());
            }
            if (page.size() < PAGE) {
                return board;
            }
            sequence = page.getLast().sequence();
        }
    }

    /// One more fact.
    ///
    /// @param request that it came of
    public void fold(Enlisted fact, Instant at, String request) {
        switch (fact) {
            case Enlisted.Opened(var topic) -> topics.add(topic);
            case Enlisted.Subscribed(var await) -> index.add(await);
            case Enlisted.Unsubscribed(var run, var token) ->
                    index.remove(Subscription.Await.id(run, token));
            case Enlisted.Handed(var run, var token, _, _) ->
                    index.remove(Subscription.Await.id(run, token));
            case Enlisted.Deployed(var name, var team, var from) -> {
                withdraw(name);
                deploy(new Deployment(name, team, from, at));
                know(request);
            }
            case Enlisted.Withdrawn(var name) -> {
                withdraw(name);
                know(request);
            }
            case Enlisted.Begun(var trigger, var group, var run) -> {
                var place = new Place(trigger, group);
                groups.computeIfAbsent(place, _ -> new Group()).running = run;
                minded.put(run, place);
            }
            case Enlisted.Queued e ->
                    groups.computeIfAbsent(new Place(e.trigger(), e.group()), _ -> new Group())
                            .queue
                            .add(new Queued(e.run(), e.workflow(), e.team(), e.inputs()));
            case Enlisted.Over(var run) -> over(run);
            case Enlisted.Struck(var trigger, var until, _) -> {
                struck.put(trigger, until);
                times.computeIfPresent(trigger, (_, timed) -> timed.after(until));
            }
        }
    }

    private void know(String request) {
        requests.add(request);
        if (requests.size() > MOST_KNOWN) {
            requests.removeFirst();
        }
    }

    private void over(RunId run) {
        var place = minded.remove(run);
        var group = place == null ? null : groups.get(place);
        if (group == null || !run.equals(group.running)) {
            return;
        }
        group.running = null;
        // The next one's beginning is a fact of its own, that follows in the same commit.
        if (group.queue.poll() == null) {
            groups.remove(place);
        }
    }

    private void deploy(Deployment deployment) {
        deployments.put(deployment.name(), deployment);
        for (var workflow : teams.apply(deployment.team()).workflows()) {
            int place = 1;
            for (var trigger : workflow.triggers()) {
                add(deployment, workflow, trigger, place++);
            }
        }
    }

    private void add(Deployment of, Workflow workflow, Trigger trigger, int place) {
        var id = of.name() + "/" + workflow.name() + "/" + place;
        switch (trigger.source()) {
            case Source.OnMessage(var topic, var type, var key, var where) ->
                    add(
                            new Subscription.Begins(
                                    id,
                                    workflow.name(),
                                    of.team(),
                                    trigger,
                                    topic,
                                    type,
                                    key,
                                    where));
            case Source.OnWebhook(var path, _, var where) ->
                    add(
                            new Subscription.Begins(
                                    id,
                                    workflow.name(),
                                    of.team(),
                                    trigger,
                                    HOOKS,
                                    path,
                                    null,
                                    where));
            case Source.AtTimes(var text, var zone, _) ->
                    times.put(
                            id,
                            new Timed(
                                            id,
                                            workflow.name(),
                                            of.team(),
                                            trigger,
                                            Schedule.of(text, zone),
                                            null)
                                    .after(later(of.at(), struck.get(id))));
        }
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }

    private void add(Subscription.Begins one) {
        triggers.put(one.id(), one);
        index.add(one);
    }

    private void withdraw(String name) {
        if (deployments.remove(name) == null) {
            return;
        }
        var own = name + "/";
        triggers.keySet().stream().filter(id -> id.startsWith(own)).forEach(index::remove);
        triggers.keySet().removeIf(id -> id.startsWith(own));
        times.keySet().removeIf(id -> id.startsWith(own));
    }

    // ---- how it stands

    /// The topics that have messages, by name.
    public List<String> topics() {
        return List.copyOf(topics);
    }

    /// Whether a task still waits.
    public boolean waits(Enlisted.Unsubscribed who) {
        return index.get(Subscription.Await.id(who.run(), who.token())).isPresent();
    }

    /// Those who may want a message, before its content is looked at.
    public List<Subscription> of(String topic, String type, @Nullable String key) {
        return index.of(topic, type, key);
    }

    /// The teams whose triggers begin runs, by name.
    public Collection<Deployment> deployments() {
        return List.copyOf(deployments.values());
    }

    public Optional<Deployment> deployment(String name) {
        return Optional.ofNullable(deployments.get(name));
    }

    /// Whether a request to deploy or to withdraw has been carried out: one that comes twice is
    /// carried out once.
    public boolean knows(String request) {
        return requests.contains(request);
    }

    /// The triggers that messages set off, those of hooks among them.
    public Collection<Subscription.Begins> triggers() {
        return List.copyOf(triggers.values());
    }

    /// The triggers that the time sets off.
    public Collection<Timed> times() {
        return List.copyOf(times.values());
    }

    /// When a trigger's time comes next, of all of them.
    public Optional<Instant> next() {
        return times.isEmpty()
                ? Optional.empty()
                : times.values().stream()
                        .map(Timed::next)
                        .filter(Objects::nonNull)
                        .min(Instant::compareTo);
    }

    /// What a trigger has under way, and what waits.
    public Optional<Group> group(String trigger, String group) {
        return Optional.ofNullable(groups.get(new Place(trigger, group)));
    }

    /// How many runs a trigger has under way that it minds, and how many wait for them.
    public Map<String, int[]> underWay() {
        var found = new TreeMap<String, int[]>();
        groups.forEach((place, group) -> {
            var counts = found.computeIfAbsent(place.trigger(), _ -> new int[2]);
            counts[0] += group.running == null ? 0 : 1;
            counts[1] += group.queue.size();
        });
        return found;
    }

    /// Whether a trigger minds that the run ends.
    public boolean minds(RunId run) {
        return minded.containsKey(run);
    }

    /// The fact that a run has begun in the place of one that has ended.
    public Enlisted.Begun begunAfter(RunId run, Queued next) {
        var place = Objects.requireNonNull(minded.get(run));
        return new Enlisted.Begun(place.trigger(), place.group(), next.run());
    }

    /// The run that begins once this one has ended.
    public Optional<Queued> nextAfter(RunId run) {
        var place = minded.get(run);
        var group = place == null ? null : groups.get(place);
        return group == null || !run.equals(group.running)
                ? Optional.empty()
                : Optional.ofNullable(group.queue.peek());
    }
}

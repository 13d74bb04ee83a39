package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.Board;
import dev.tutti.runtime.topic.Enlisted;
import dev.tutti.runtime.topic.Posted;
import dev.tutti.runtime.topic.Subscription.Await;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// I24, of topics: everyone who waits for a message has the first that matches, nobody has one that
/// does not, and nobody has two. What a message triggers begins once, and not while what it minds
/// is under way. I2, of topics: a message is there once.
final class TopicsCheck {
    private final Expressions expressions = new Expressions();
    private final Map<StreamId, List<Message>> topics = new LinkedHashMap<>();
    private final Map<String, Waiting> waits = new LinkedHashMap<>();
    private final Map<StreamId, Set<String>> ids = new LinkedHashMap<>();
    private final Map<StreamId, Long> sequences = new LinkedHashMap<>();
    private final Map<String, Deployed> triggers = new LinkedHashMap<>();
    private final List<Deployed> everDeployed = new ArrayList<>();
    private final Map<RunId, String> begun = new LinkedHashMap<>();
    private final Map<String, RunId> byCause = new LinkedHashMap<>();
    private final Set<RunId> ended = new HashSet<>();
    private final Map<String, RunId> underWay = new LinkedHashMap<>();
    private final Function<String, Team> teams;
    private final List<Violation> found = new ArrayList<>();

    /// @param teams reads the team of a hash
    TopicsCheck(Function<String, Team> teams) {
        this.teams = teams;
    }

    private record Message(Entry entry, Posted posted) {}

    /// A trigger that messages set off, and from when to when.
    private static final class Deployed {
        private final String id;
        private final Trigger trigger;
        private final Entry from;
        private @Nullable Entry until;

        private Deployed(String id, Trigger trigger, Entry from) {
            this.id = id;
            this.trigger = trigger;
            this.from = from;
        }

        private boolean during(Entry entry) {
            return entry.position() > from.position()
                    && !Waiting.same(entry, from)
                    && (until == null
                            || (entry.position() < until.position()
                                    && !Waiting.same(entry, until)));
        }
    }

    /// One who waits, and from when to when.
    private static final class Waiting {
        private final Await await;
        private final Entry from;
        private @Nullable Entry until;
        private Enlisted.@Nullable Handed handed;

        private Waiting(Await await, Entry from) {
            this.await = await;
            this.from = from;
        }

        /// Whether it surely waited when an entry was committed: not in the commit in which it
        /// began or ended to.
        private boolean during(Entry entry) {
            return entry.position() > from.position()
                    && !same(entry, from)
                    && (until == null
                            || (entry.position() < until.position() && !same(entry, until)));
        }

        private static boolean same(Entry one, Entry other) {
            Instant at = one.event().at();
            return at.equals(other.event().at());
        }
    }

    /// An entry of a topic, or of the stream of those who wait.
    void see(Entry entry) {
        long before = sequences.getOrDefault(entry.stream(), 0L);
        if (entry.sequence() != before + 1) {
            report("I4", entry, "the sequence goes on here, not at " + (before + 1));
        }
        sequences.put(entry.stream(), entry.sequence());
        if (entry.stream().isTopic()) {
            posted(entry, Posted.of(entry));
        } else {
            enlisted(entry, Enlisted.of(entry));
        }
    }

    private void posted(Entry entry, Posted posted) {
        var id = posted.event().source() + "\n" + posted.event().id();
        if (!ids.computeIfAbsent(entry.stream(), _ -> new HashSet<>()).add(id)) {
            report("I2", entry, "message " + posted.event().id() + " is there a second time");
        }
        topics.computeIfAbsent(entry.stream(), _ -> new ArrayList<>())
                .add(new Message(entry, posted));
    }

    private void enlisted(Entry entry, Enlisted fact) {
        switch (fact) {
            case Enlisted.Opened _, Enlisted.Struck _, Enlisted.Queued _, Enlisted.Over _ -> {}
            case Enlisted.Deployed(var name, var team, _) -> {
                withdrawn(name, entry);
                deployed(name, team, entry);
            }
            case Enlisted.Withdrawn(var name) -> withdrawn(name, entry);
            case Enlisted.Begun(var trigger, var group, var run) ->
                    begins(trigger, group, run, entry);
            case Enlisted.Subscribed(var await) -> waits.put(await.id(), new Waiting(await, entry));
            case Enlisted.Unsubscribed(var run, var token) -> {
                var waiting = waits.get("run/" + run + "/" + token);
                if (waiting != null && waiting.until == null) {
                    waiting.until = entry;
                }
            }
            case Enlisted.Handed handed -> {
                var waiting = waits.get("run/" + handed.run() + "/" + handed.token());
                if (waiting == null || waiting.until != null) {
                    report("I24", entry, "a message is handed to one who does not wait: " + handed);
                    return;
                }
                waiting.until = entry;
                waiting.handed = handed;
            }
        }
    }

    private void deployed(String name, String team, Entry entry) {
        for (var workflow : teams.apply(team).workflows()) {
            int place = 1;
            for (var trigger : workflow.triggers()) {
                var id = name + "/" + workflow.name() + "/" + place++;
                var one = new Deployed(id, trigger, entry);
                triggers.put(id, one);
                everDeployed.add(one);
            }
        }
    }

    private void withdrawn(String name, Entry entry) {
        for (var one : List.copyOf(triggers.values())) {
            if (one.id.startsWith(name + "/")) {
                one.until = entry;
                triggers.remove(one.id);
            }
        }
    }

    private void begins(String trigger, String group, RunId run, Entry entry) {
        var before = underWay.put(trigger + "\n" + group, run);
        var deployed = triggers.get(trigger);
        if (before != null
                && !ended.contains(before)
                && deployed != null
                && deployed.trigger.overlap() != Trigger.Overlap.REPLACE) {
            report("I24", entry, "run " + run + " begins while run " + before + " is under way");
        }
    }

    /// A step of a run's own journal.
    void see(Step step) {
        var run = step.entry().stream().run();
        var actor = step.entry().event().actor();
        if (step.event() instanceof Event.RunStarted && actor.startsWith("trigger/")) {
            var cause = step.entry().event().cause();
            begun.put(run, cause);
            var other = byCause.put(cause, run);
            if (other != null) {
                report("I24", step.entry(), cause + " has begun run " + other + " already");
            }
        } else if (step.event() instanceof Event.Ended) {
            ended.add(run);
        }
    }

    /// What holds at the end only.
    void end() {
        waits.values().forEach(this::end);
        topics.values().forEach(messages -> messages.forEach(this::reactions));
    }

    private void end(Waiting waiting) {
        var await = waiting.await;
        var topic = StreamId.topic(waiting.from.stream().tenant(), await.topic());
        var handed = waiting.handed;
        for (var message : topics.getOrDefault(topic, List.of())) {
            boolean isIts = handed != null && handed.sequence() == message.entry().sequence();
            boolean matches = matches(await, message.posted());
            if (isIts && !matches) {
                report("I24", message.entry(), "it is handed to one who does not want it");
            }
            if (!isIts && matches && waiting.during(message.entry())) {
                report(
                        "I24",
                        message.entry(),
                        "`" + await.task() + "` of run " + await.run() + " waits for it in vain");
            }
        }
        if (handed != null && handed.sequence() > topics.getOrDefault(topic, List.of()).size()) {
            report("I24", waiting.from, "it is handed a message that there is not");
        }
    }

    private void reactions(Message message) {
        var topic = message.entry().stream().topic();
        for (var one : everDeployed) {
            if (one.during(message.entry()) && sets(one.trigger, topic, message.posted())) {
                long times =
                        message.posted().reactions().stream()
                                .filter(reaction -> reaction.subscription().equals(one.id))
                                .count();
                if (times != 1) {
                    report("I24", message.entry(), one.id + " has it " + times + " times");
                }
            }
        }
        for (var reaction : message.posted().reactions()) {
            if (!reaction.subscription().startsWith("run/")) {
                triggered(message, reaction);
                continue;
            }
            var waiting = waits.get(reaction.subscription());
            var handed = waiting == null ? null : waiting.handed;
            if (handed == null || handed.sequence() != message.entry().sequence()) {
                report(
                        "I24",
                        message.entry(),
                        "it is said to be for "
                                + reaction.subscription()
                                + ", which does not have it");
            }
        }
    }

    private void triggered(Message message, Posted.Reaction reaction) {
        var known =
                everDeployed.stream()
                        .filter(one -> one.id.equals(reaction.subscription()))
                        .anyMatch(one ->
                                sets(
                                        one.trigger,
                                        message.entry().stream().topic(),
                                        message.posted()));
        if (!known) {
            report("I24", message.entry(), reaction.subscription() + " does not want it");
        }
        if (reaction.run() != null
                && reaction.why() == null
                && !begun.containsKey(new RunId(reaction.run()))) {
            report("I24", message.entry(), "it never began run " + reaction.run());
        }
    }

    private boolean sets(Trigger trigger, String topic, Posted posted) {
        var event = posted.event();
        return switch (trigger.source()) {
            case Source.OnMessage(var of, var type, var key, var where) ->
                    of.equals(topic)
                            && type.equals(event.type())
                            && (key == null || key.equals(event.subject()))
                            && holds(where, event.data());
            case Source.OnWebhook(var path, _, var where) ->
                    topic.equals(Board.HOOKS)
                            && path.equals(event.type())
                            && holds(where, event.data());
            case Source.AtTimes _ -> false;
        };
    }

    private boolean matches(Await await, Posted posted) {
        var event = posted.event();
        if (!event.type().equals(await.type())
                || (await.key() != null && !await.key().equals(event.subject()))) {
            return false;
        }
        return holds(await.where(), event.data());
    }

    private boolean holds(@Nullable String where, Value data) {
        try {
            return where == null
                    || expressions
                            .render(where, name -> name.equals("message") ? data : null)
                            .equals(Value.of(true));
        } catch (ExpressionException _) {
            return false;
        }
    }

    private void report(String invariant, Entry entry, String sentence) {
        found.add(new Violation(invariant, entry.stream(), entry.sequence(), sentence));
    }

    List<Violation> found() {
        return found;
    }
}

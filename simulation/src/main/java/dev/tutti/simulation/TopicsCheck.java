package dev.tutti.simulation;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.StreamId;
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
import org.jspecify.annotations.Nullable;

/// I24, of topics: everyone who waits for a message has the first that matches, nobody has one that
/// does not, and nobody has two. I2, of topics: a message is there once.
final class TopicsCheck {
    private final Expressions expressions = new Expressions();
    private final Map<StreamId, List<Message>> topics = new LinkedHashMap<>();
    private final Map<String, Waiting> waits = new LinkedHashMap<>();
    private final Map<StreamId, Set<String>> ids = new LinkedHashMap<>();
    private final Map<StreamId, Long> sequences = new LinkedHashMap<>();
    private final List<Violation> found = new ArrayList<>();

    private record Message(Entry entry, Posted posted) {}

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
            case Enlisted.Opened _ -> {}
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
        for (var reaction : message.posted().reactions()) {
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

    private boolean matches(Await await, Posted posted) {
        var event = posted.event();
        if (!event.type().equals(await.type())
                || (await.key() != null && !await.key().equals(event.subject()))) {
            return false;
        }
        var where = await.where();
        try {
            return where == null
                    || expressions
                            .render(where, name -> name.equals("message") ? event.data() : null)
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

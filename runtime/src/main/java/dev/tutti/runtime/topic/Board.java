package dev.tutti.runtime.topic;

import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who waits for messages of the topics of one tenant, as the stream of subscriptions says.
public final class Board {
    private static final int PAGE = 2_000;

    private final Index index = new Index();
    private final SortedSet<String> topics = new TreeSet<>();

    /// Folds what the journal has.
    public static Board of(JournalReader journal, StreamId subscriptions) {
        var board = new Board();
        long sequence = 0;
        while (true) {
            var page = journal.read(subscriptions, sequence, PAGE);
            page.forEach(entry -> board.fold(Enlisted.of(entry)));
            if (page.size() < PAGE) {
                return board;
            }
            sequence = page.getLast().sequence();
        }
    }

    /// One more fact.
    public void fold(Enlisted fact) {
        switch (fact) {
            case Enlisted.Opened(var topic) -> topics.add(topic);
            case Enlisted.Subscribed(var await) -> index.add(await);
            case Enlisted.Unsubscribed(var run, var token) ->
                    index.remove(Subscription.Await.id(run, token));
            case Enlisted.Handed(var run, var token, _, _) ->
                    index.remove(Subscription.Await.id(run, token));
        }
    }

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
}

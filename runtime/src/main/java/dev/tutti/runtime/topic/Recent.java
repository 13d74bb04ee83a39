package dev.tutti.runtime.topic;

import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is remembered of the newest messages of a topic, [#WINDOW] of them: their ids, so that one
/// that comes twice is there once, and where those of one type and key are.
public final class Recent {
    /// So many messages later, one that comes again is a new one.
    public static final int WINDOW = 50_000;

    private static final int PAGE = 2_000;

    private final Map<Id, Long> ids = new HashMap<>();
    private final Map<Kind, Deque<Item>> kinds = new HashMap<>();
    private final Deque<Item> all = new ArrayDeque<>();
    private long head;

    /// Source and id of a message, as the beginning of a hash over both.
    private record Id(long first, long second) {
        static Id of(CloudEvent event) {
            var text = event.source() + "\n" + event.id();
            var hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
            var bytes = ByteBuffer.wrap(hash);
            return new Id(bytes.getLong(), bytes.getLong());
        }
    }

    private record Kind(String type, @Nullable String key) {}

    private record Item(long sequence, Instant at, Id id, Kind kind) {}

    private Recent() {}

    /// Reads what the topic has.
    public static Recent of(JournalReader journal, StreamId topic) {
        var recent = new Recent();
        long head = journal.head(topic);
        long from = Math.max(0, head - WINDOW);
        recent.head = from;
        while (recent.head < head) {
            var page = journal.read(topic, recent.head, PAGE);
            if (page.isEmpty()) {
                break;
            }
            page.forEach(entry -> recent.add(Posted.of(entry).event(), entry.event().at()));
        }
        return recent;
    }

    /// The sequence of the last message.
    public long head() {
        return head;
    }

    /// The sequence of the message of the same source and id, or null when it is new.
    public @Nullable Long find(CloudEvent event) {
        return ids.get(Id.of(event));
    }

    /// Notes the next message.
    ///
    /// @return its sequence
    public long add(CloudEvent event, Instant at) {
        head++;
        var item = new Item(head, at, Id.of(event), new Kind(event.type(), event.subject()));
        all.add(item);
        ids.put(item.id(), head);
        kinds.computeIfAbsent(item.kind(), _ -> new ArrayDeque<>()).add(item);
        if (all.size() > WINDOW) {
            forget(all.remove());
        }
        return head;
    }

    private void forget(Item item) {
        ids.remove(item.id(), item.sequence());
        var same = kinds.get(item.kind());
        if (same != null) {
            same.poll();
            if (same.isEmpty()) {
                kinds.remove(item.kind());
            }
        }
    }

    /// The messages of a type that came at `since` or later, oldest first.
    ///
    /// @param key what they were published with, or null for anything
    public List<Long> since(Instant since, String type, @Nullable String key) {
        var candidates =
                key == null
                        ? all.stream().filter(item -> item.kind().type().equals(type))
                        : kinds.getOrDefault(new Kind(type, key), new ArrayDeque<>()).stream();
        return candidates.filter(item -> !item.at().isBefore(since)).map(Item::sequence).toList();
    }
}

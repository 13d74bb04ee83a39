package dev.tutti.runtime.dispatch;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Those in line, by whom they belong to, the one first whose turn comes first.
///
/// @param <K> whom they belong to
/// @param <V> what belongs to one of them
final class Fair<K, V> {
    private final Turns<K> turns;
    private final Predicate<V> empty;
    private final Map<K, V> members = new LinkedHashMap<>();
    private final PriorityQueue<Ticket<K>> tickets =
            new PriorityQueue<>(
                    Comparator.comparingDouble((Ticket<K> ticket) -> ticket.turn)
                            .thenComparingLong(ticket -> ticket.arrival));
    private long arrivals;

    private record Ticket<K>(K key, double turn, long arrival) {}

    /// @param empty whether nothing of one's own is left
    Fair(Turns<K> turns, Predicate<V> empty) {
        this.turns = turns;
        this.empty = empty;
    }

    /// What belongs to `key`, made where there is nothing.
    V of(K key, Supplier<V> made) {
        var known = members.get(key);
        if (known != null) {
            return known;
        }
        var added = made.get();
        members.put(key, added);
        tickets.add(new Ticket<>(key, turns.next(key), arrivals++));
        return added;
    }

    @Nullable V get(K key) {
        return members.get(key);
    }

    /// Whose turn is first; null when nobody is in line. Who was served elsewhere meanwhile has a
    /// later turn here.
    @Nullable K first() {
        while (true) {
            var head = tickets.peek();
            if (head == null || turns.end(head.key) <= head.turn) {
                return head == null ? null : head.key;
            }
            tickets.remove();
            tickets.add(new Ticket<>(head.key, turns.end(head.key), head.arrival));
        }
    }

    /// The turn of the first.
    double turn() {
        return tickets.element().turn;
    }

    /// The first was served.
    void served() {
        var head = tickets.remove();
        turns.served(head.key, head.turn);
        var left = members.get(head.key);
        if (left == null || empty.test(left)) {
            members.remove(head.key);
        } else {
            tickets.add(new Ticket<>(head.key, turns.end(head.key), arrivals++));
        }
    }

    /// Forgets who has nothing in line any more.
    void drop(K key) {
        var left = members.get(key);
        if (left != null && empty.test(left)) {
            members.remove(key);
            tickets.removeIf(ticket -> ticket.key.equals(key));
        }
    }

    void clear() {
        members.clear();
        tickets.clear();
    }

    Collection<V> values() {
        return members.values();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }
}

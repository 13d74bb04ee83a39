package dev.tutti.runtime.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Who waits for messages, by topic, type and key: to find those of one message costs what they are
/// many, and not what all are.
final class Index {
    private final Map<String, Subscription> all = new HashMap<>();
    private final Map<Place, Kind> kinds = new HashMap<>();

    private record Place(String topic, String type) {}

    /// Those who want messages of one type.
    private static final class Kind {
        final SequencedMap<String, Subscription> ofAnyKey = new LinkedHashMap<>();
        final Map<String, SequencedMap<String, Subscription>> byKey = new HashMap<>();
    }

    void add(Subscription one) {
        remove(one.id());
        all.put(one.id(), one);
        var kind = kinds.computeIfAbsent(place(one), _ -> new Kind());
        var key = one.key();
        (key == null ? kind.ofAnyKey : kind.byKey.computeIfAbsent(key, _ -> new LinkedHashMap<>()))
                .put(one.id(), one);
    }

    void remove(String id) {
        var one = all.remove(id);
        if (one == null) {
            return;
        }
        var place = place(one);
        var kind = kinds.get(place);
        if (kind == null) {
            return;
        }
        var key = one.key();
        if (key == null) {
            kind.ofAnyKey.remove(id);
        } else {
            var same = kind.byKey.get(key);
            if (same != null && same.remove(id) != null && same.isEmpty()) {
                kind.byKey.remove(key);
            }
        }
        if (kind.ofAnyKey.isEmpty() && kind.byKey.isEmpty()) {
            kinds.remove(place);
        }
    }

    Optional<Subscription> get(String id) {
        return Optional.ofNullable(all.get(id));
    }

    /// Those who may want a message, before its content is looked at.
    List<Subscription> of(String topic, String type, @Nullable String key) {
        var kind = kinds.get(new Place(topic, type));
        if (kind == null) {
            return List.of();
        }
        var found = new ArrayList<>(kind.ofAnyKey.values());
        var same = key == null ? null : kind.byKey.get(key);
        if (same != null) {
            found.addAll(same.values());
        }
        return found;
    }

    int size() {
        return all.size();
    }

    private static Place place(Subscription one) {
        return new Place(one.topic(), one.type());
    }
}

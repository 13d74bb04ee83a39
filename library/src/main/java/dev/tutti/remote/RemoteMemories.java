package dev.tutti.remote;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.agent.Remembrance.Which;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a server remembers. The time is the server's.
final class RemoteMemories implements Remembrance.Memories {
    private static final String MEMORY = "/api/v1/memory";
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_FOUND = 100;

    private final Remote remote;

    RemoteMemories(Remote remote) {
        this.remote = remote;
    }

    private static Map<String, Object> query(Which which) {
        var query = new LinkedHashMap<String, Object>();
        if (which.about() != null) {
            query.put("about", which.about());
        }
        query.put("kind", which.kinds());
        return query;
    }

    @Override
    public Value.Struct search(
            String query, Which which, int most, boolean byMeaning, Instant now) {
        var asked = query(which);
        asked.put("q", query);
        asked.put("most", Math.min(most, MOST_FOUND));
        asked.put("words", !byMeaning);
        return remote.at(MEMORY + "/search", asked);
    }

    @Override
    public Value.Struct list(Which which, int limit, Instant now) {
        var asked = query(which);
        asked.put("limit", Math.clamp(limit, 0, MOST_LISTED));
        return remote.at(MEMORY, asked);
    }

    @Override
    public Optional<Value.Struct> show(String id, Instant now) {
        var path = new StringBuilder(MEMORY);
        for (var part : id.split("/", -1)) {
            path.append('/').append(URLEncoder.encode(part, StandardCharsets.UTF_8));
        }
        return remote.optional(path.toString());
    }

    @Override
    public List<Value.Struct> export(Which which, Instant now) {
        return remote.lines(MEMORY + "/export", query(which));
    }

    @Override
    public Optional<Value.Struct> forget(
            @Nullable String id,
            @Nullable String about,
            Remembrance.@Nullable Telling telling,
            Instant now) {
        var body = Value.struct("dry_run", Value.of(telling == null));
        if (id != null) {
            body = body.with("id", Value.text(id));
        }
        if (about != null) {
            body = body.with("about", Value.text(about));
        }
        return remote.asked(MEMORY + "/forget", body);
    }

    @Override
    public Optional<Value.Struct> remember(
            Value.Struct fact, @Nullable String about, Remembrance.Telling telling, Instant now) {
        var body = about == null ? fact : fact.with("about", Value.text(about));
        return remote.asked(MEMORY + "/remember", body)
                .map(told -> told.get("memory"))
                .filter(Value.Struct.class::isInstance)
                .map(Value.Struct.class::cast);
    }

    @Override
    public Value.Struct rules(Value.Struct change, Remembrance.Telling telling, Instant now) {
        return change.fields().isEmpty()
                ? remote.at(MEMORY + "/rules", Map.of())
                : remote.asked(MEMORY + "/rules", change).orElse(Value.Struct.EMPTY);
    }

    @Override
    public void close() {
        // The connection is the store's.
    }
}

package dev.tutti.wiring;

import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.agent.Meaning;
import dev.tutti.runtime.evidence.Content;
import dev.tutti.runtime.evidence.ContentReader;
import dev.tutti.runtime.evidence.HashedWords;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What tasks are about: by their words, or by what they mean where a model for that is installed.
final class Contents implements ContentReader {
    private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

    /// Vectors that are remembered: a model takes some milliseconds for each.
    private static final int MOST = 4_096;

    private final Map<Value, Content> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Value, Content> eldest) {
                    return size() > MOST;
                }
            };
    private boolean speechless;

    @Override
    public synchronized Content read(Value.Struct input, Terms.Content how) {
        return switch (how) {
            case NONE -> Content.UNKNOWN;
            case WORDS -> HashedWords.of(input);
            case MEANING -> wordsOrMeaning(input);
        };
    }

    @Override
    public synchronized double nearness(Value one, Value other) {
        var first = meaning(one);
        var second = meaning(other);
        return first == null || second == null ? 0 : first.likeness(second);
    }

    /// Where there is no model it is the words for as long as this process lives: what was learned
    /// by the one says nothing by the other.
    private Content wordsOrMeaning(Value.Struct input) {
        var content = meaning(input);
        return content == null ? HashedWords.of(input) : content;
    }

    /// What a value means; null where there is no model.
    private @Nullable Content meaning(Value value) {
        if (speechless) {
            return null;
        }
        var content = known.get(value);
        if (content != null) {
            return content;
        }
        try {
            var model = Models.FIRST.orElseThrow(() -> new IllegalStateException("none installed"));
            content = Content.of(model.of(Wording.of(value)));
            known.put(value, content);
            return content;
        } catch (IllegalStateException e) {
            LOG.warn("things are told apart by their words, not by meaning: {}", e.getMessage());
            speechless = true;
            return null;
        }
    }

    /// Looked for when the first team asks for it.
    private static final class Models {
        private static final Optional<Meaning> FIRST =
                ServiceLoader.load(Meaning.class).findFirst();
    }
}

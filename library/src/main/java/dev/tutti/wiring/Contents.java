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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What tasks are about: by their words, or by what they mean where a model for that is installed.
final class Contents implements ContentReader {
    private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

    /// Vectors that are remembered: a model takes some milliseconds for each.
    private static final int MOST = 4_096;

    private final Map<Value.Struct, Content> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Value.Struct, Content> eldest) {
                    return size() > MOST;
                }
            };
    private boolean speechless;

    @Override
    public synchronized Content read(Value.Struct input, Terms.Content how) {
        return switch (how) {
            case NONE -> Content.UNKNOWN;
            case WORDS -> HashedWords.of(input);
            case MEANING -> meaning(input);
        };
    }

    /// Where there is no model it is the words for as long as this process lives: what was learned
    /// by the one says nothing by the other.
    private Content meaning(Value.Struct input) {
        if (speechless) {
            return HashedWords.of(input);
        }
        var content = known.get(input);
        if (content != null) {
            return content;
        }
        try {
            var model = Models.FIRST.orElseThrow(() -> new IllegalStateException("none installed"));
            content = Content.of(model.of(Wording.of(input)));
            known.put(input, content);
            return content;
        } catch (IllegalStateException e) {
            LOG.warn("tasks are told apart by their words, not by meaning: {}", e.getMessage());
            speechless = true;
            return HashedWords.of(input);
        }
    }

    /// Looked for when the first team asks for it.
    private static final class Models {
        private static final Optional<Meaning> FIRST =
                ServiceLoader.load(Meaning.class).findFirst();
    }
}

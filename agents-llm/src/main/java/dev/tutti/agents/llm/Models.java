package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.LanguageModel;
import dev.tutti.agents.llm.model.ModelSettings;
import dev.tutti.agents.llm.provider.ProvidedModel;
import dev.tutti.agents.llm.scripted.ScriptedModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Opens models. What speaks for a provider is loaded when the first of its models is called.
final class Models {
    private static final int MOST_KEPT = 100;

    private final Path base;
    private final Map<ModelSettings, LanguageModel> open = new ConcurrentHashMap<>();

    /// @param base the folder that relative paths start from
    Models(Path base) {
        this.base = base;
    }

    /// @throws IllegalArgumentException when the settings cannot be used
    LanguageModel open(ModelSettings settings) {
        if (open.size() >= MOST_KEPT) {
            open.clear();
        }
        return open.computeIfAbsent(settings, this::made);
    }

    private LanguageModel made(ModelSettings settings) {
        return settings.provider().equals("scripted")
                ? ScriptedModel.of(settings.all(), base)
                : ProvidedModel.of(settings);
    }
}

package dev.tutti.agents.local;

import dev.tutti.runtime.agent.Meaning;

/// What texts mean, by the embedding model of this module.
public final class LocalMeaning implements Meaning {

    @Override
    public float[] of(String text) {
        return Embeddings.shared().of(text);
    }
}

package dev.tutti.agents.local;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;

/// Turns text into vectors whose nearness is nearness of meaning: all-MiniLM-L6-v2, quantised, on
/// the CPU. The model is within the program; it is loaded on first use, once, and takes about a
/// second and 200 MB.
public final class Embeddings {
    /// Numbers in a vector.
    public static final int SIZE = 384;

    /// The characters of a text that count; what is further down adds time but little meaning.
    static final int LONGEST_TEXT = 900;

    private static volatile boolean working = true;

    private final AllMiniLmL6V2QuantizedEmbeddingModel model;

    private Embeddings() {
        // The tokenizer's library would report its use over the network, and fetch native code.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        model = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
    }

    /// Whether there is still hope: false once the model could not be loaded.
    public static boolean working() {
        return working;
    }

    /// The one model of this process.
    ///
    /// @throws IllegalStateException where there is no native code for this machine
    public static Embeddings shared() {
        try {
            return Shared.MODEL;
        } catch (LinkageError unavailable) {
            working = false;
            throw new IllegalStateException(
                    "the embedding model cannot be loaded: " + unavailable, unavailable);
        }
    }

    /// The vector of a text, of length 1.
    public float[] of(String text) {
        var start = text.substring(0, Math.min(text.length(), LONGEST_TEXT));
        return start.isBlank() ? new float[SIZE] : model.embed(start).content().vector();
    }

    private static final class Shared {
        static final Embeddings MODEL = new Embeddings();
    }
}

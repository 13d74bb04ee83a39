package dev.tutti.agents.local;

import dev.tutti.runtime.agent.Nearness;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Nearness by embeddings, on this machine. Vectors of texts that were asked about before are
/// remembered.
public final class MeaningNearness implements Nearness {
    private static final int MOST_REMEMBERED = 5_000;

    private final Map<String, float[]> vectors =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
                            return size() > MOST_REMEMBERED;
                        }
                    });

    @Override
    public List<Integer> nearest(String asked, List<String> texts, int most) {
        var embeddings = Embeddings.shared();
        var vector = embeddings.of(asked);
        var likeness = new double[texts.size()];
        for (int i = 0; i < likeness.length; i++) {
            var other = vectors.get(texts.get(i));
            if (other == null) {
                other = embeddings.of(texts.get(i));
                vectors.put(texts.get(i), other);
            }
            likeness[i] = product(vector, other);
        }
        return IntStream.range(0, likeness.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> likeness[i]).reversed())
                .limit(most)
                .toList();
    }

    private static double product(float[] left, float[] right) {
        double product = 0;
        for (int i = 0; i < left.length; i++) {
            product += (double) left[i] * right[i];
        }
        return product;
    }
}

package dev.tutti.agents.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.tutti.core.memory.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The core's estimate of tokens, held against an encoding that a model has.
class EstimateTest {
    private static final int SHORT = 40;

    private static List<String> paragraphs() throws IOException {
        var paragraphs = new ArrayList<String>();
        try (var files = Files.list(Path.of("../docs"))) {
            for (var file : files.filter(file -> file.toString().endsWith(".md")).toList()) {
                Stream.of(Files.readString(file).split("\n\n", -1))
                        .filter(text -> text.length() > SHORT)
                        .forEach(paragraphs::add);
            }
        }
        return paragraphs;
    }

    @Test
    void the_estimate_is_seldom_too_low_and_not_far_above() throws IOException {
        var encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
        long estimated = 0;
        long counted = 0;
        int low = 0;
        var paragraphs = paragraphs();
        for (var paragraph : paragraphs) {
            int estimate = Tokens.estimate(paragraph);
            int count = encoding.countTokens(paragraph);
            assertThat(estimate).as(paragraph).isGreaterThan(count * 9 / 10);
            low += estimate < count ? 1 : 0;
            estimated += estimate;
            counted += count;
        }
        assertThat(paragraphs).hasSizeGreaterThan(300);
        assertThat(low).isLessThan(paragraphs.size() / 50);
        assertThat((double) estimated / counted).isBetween(1.0, 1.5);
    }
}

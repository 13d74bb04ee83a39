package dev.tutti.runtime.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CountedTest {
    private static Counted atMost(long most, int length) {
        return new Counted(
                new ByteArrayInputStream(new byte[length]),
                count -> {
                    if (count > most) {
                        throw new IOException("too much: " + count);
                    }
                });
    }

    @Test
    void every_byte_counts_however_it_is_read() throws Exception {
        try (var content = atMost(10, 10)) {
            assertThat(content.read()).isZero();
            assertThat(content.read(new byte[4], 1, 3)).isEqualTo(3);
            assertThat(content.skip(2)).isEqualTo(2);
            assertThat(content.count()).isEqualTo(6);
            assertThat(content.readAllBytes()).hasSize(4);
            assertThat(content.read()).isEqualTo(-1);
            assertThat(content.count()).isEqualTo(10);
        }
    }

    @Test
    void reading_ends_where_it_is_too_much() throws Exception {
        try (var content = atMost(10, 11)) {
            assertThatThrownBy(content::readAllBytes).hasMessage("too much: 11");
        }
        try (var content = atMost(10, 11)) {
            assertThatThrownBy(() -> content.skip(11)).hasMessage("too much: 11");
        }
    }
}

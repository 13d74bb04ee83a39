package dev.tutti.runtime.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every artifact store holds to.
abstract class ArtifactContract {
    static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    static final String HELLO_HASH =
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    ArtifactStore store;

    abstract ArtifactStore open();

    @BeforeEach
    void open_it() {
        store = open();
    }

    @Test
    void content_is_found_under_its_hash() {
        assertThat(store.put(HELLO)).isEqualTo(HELLO_HASH);
        assertThat(store.get(HELLO_HASH)).hasValue(HELLO);
    }

    @Test
    void keeping_the_same_content_again_changes_nothing() {
        store.put(HELLO);
        assertThat(store.put(HELLO.clone())).isEqualTo(HELLO_HASH);
        assertThat(store.get(HELLO_HASH)).hasValue(HELLO);
    }

    @Test
    void content_may_be_empty_or_long() {
        for (int size : new int[] {0, 1, 5_000_000}) {
            assertThat(store.get(store.put(new byte[size])).orElseThrow()).hasSize(size);
        }
    }

    @Test
    void what_a_stream_gives_is_kept_as_the_same_content_is() throws IOException {
        var kept = store.keep(new ByteArrayInputStream(HELLO));

        assertThat(kept).isEqualTo(new ArtifactStore.Kept(HELLO_HASH, HELLO.length));
        assertThat(store.put(HELLO)).isEqualTo(HELLO_HASH);
        var opened = store.open(HELLO_HASH).orElseThrow();
        assertThat(opened.bytes()).isEqualTo(HELLO.length);
        try (var content = opened.content()) {
            assertThat(content.readAllBytes()).isEqualTo(HELLO);
        }
        assertThat(store.open("0".repeat(64))).isEmpty();
    }

    @Test
    void of_a_stream_that_breaks_nothing_is_kept_and_it_is_told_as_what_it_is() {
        var broken =
                new SequenceInputStream(
                        new ByteArrayInputStream(HELLO),
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("gone");
                            }
                        });

        assertThatThrownBy(() -> store.keep(broken))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
        assertThat(store.get(HELLO_HASH)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "",
                "2cf2",
                "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824",
                "../../../../../../../../../../../../../../../../../../../etc/passwd",
                "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982/"
            })
    void what_is_not_there_or_not_a_hash_is_not_found(String hash) {
        store.put(HELLO);
        assertThat(store.get(hash)).isEmpty();
    }

    @Test
    void content_that_was_given_or_got_can_be_changed_without_harm() {
        var given = HELLO.clone();
        store.put(given);
        given[0] = 'j';
        store.get(HELLO_HASH).orElseThrow()[0] = 'c';

        assertThat(store.get(HELLO_HASH)).hasValue(HELLO);
    }

    @Test
    void many_can_keep_the_same_content_at_once() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var puts =
                    IntStream.range(0, 50)
                            .<Callable<String>>mapToObj(_ -> () -> store.put(new byte[200_000]))
                            .toList();
            assertThat(pool.invokeAll(puts).stream().map(Future::resultNow).distinct()).hasSize(1);
        }
    }
}

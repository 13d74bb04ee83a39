package dev.tutti.runtime.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileArtifactsTest extends ArtifactContract {
    @TempDir private Path folder;

    @Override
    ArtifactStore open() {
        return new FileArtifacts(folder);
    }

    private Path file() {
        return folder.resolve("2c").resolve(HELLO_HASH);
    }

    @Test
    void content_is_there_for_the_next_process() {
        store.put(HELLO);
        assertThat(open().get(HELLO_HASH)).hasValue(HELLO);
    }

    @Test
    void damaged_content_is_not_given_out() throws IOException {
        store.put(HELLO);
        Files.writeString(file(), "jello");

        assertThatThrownBy(() -> store.get(HELLO_HASH))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining(HELLO_HASH);
    }

    /// Its last part is not given, so that nobody takes for whole what is not.
    @ParameterizedTest
    @ValueSource(ints = {1, 65_536, 65_537, 200_000})
    void damaged_content_is_told_before_all_of_it_is_given(int size) throws IOException {
        var content = new byte[size];
        var hash = store.put(content);
        content[size - 1] = 1;
        Files.write(folder.resolve(hash.substring(0, 2)).resolve(hash), content);

        int read = 0;
        try (var opened = store.open(hash).orElseThrow().content()) {
            while (true) {
                opened.readNBytes(1);
                read++;
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(hash);
        }
        assertThat(read).isLessThan(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
    void a_stream_that_is_at_its_end_stays_there(int size) throws IOException {
        var hash = store.put(new byte[size]);

        try (var opened = store.open(hash).orElseThrow().content()) {
            assertThat(opened.readAllBytes()).hasSize(size);
            assertThat(opened.read()).isEqualTo(-1);
            assertThat(opened.read(new byte[10])).isEqualTo(-1);
            assertThat(opened.read(new byte[0])).isZero();
            assertThat(opened.skip(10)).isZero();
        }
    }

    /// Counted by what the thread allocates, which no other test disturbs.
    @Test
    void long_content_takes_no_more_memory_than_short() throws IOException {
        int size = 64 << 20;
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        var kept = store.keep(new Zeroes(size));
        long read = 0;
        var part = new byte[1 << 16];
        try (var content = store.open(kept.hash()).orElseThrow().content()) {
            for (int count = content.read(part); count >= 0; count = content.read(part)) {
                read += count;
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(kept.bytes()).isEqualTo(size);
        assertThat(read).isEqualTo(size);
        assertThat(allocated).isLessThan(4 << 20);
    }

    /// So many of them, without being there.
    private static final class Zeroes extends InputStream {
        private int left;

        private Zeroes(int count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            int count = Math.min(left, length);
            left -= count;
            return count == 0 ? -1 : count;
        }
    }

    @Test
    void no_draft_is_left_and_a_draft_of_a_dead_process_is_never_given_out() throws IOException {
        Files.createDirectories(folder.resolve("2c"));
        Files.writeString(folder.resolve("2c").resolve("2cf24dba123.draft"), "hel");
        assertThat(store.get(HELLO_HASH)).isEmpty();

        store.put(HELLO);
        try (var files = Files.list(folder.resolve("2c"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(HELLO_HASH, "2cf24dba123.draft");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".draft"));
        }
    }

    /// A file system without any space, on every Linux; nobody can make a folder in it.
    @Test
    void a_disk_without_space_for_the_first_folder_is_told_as_full() throws IOException {
        var full = Path.of("/proc");
        assumeTrue(
                Files.isDirectory(full) && Files.getFileStore(full).getUsableSpace() == 0,
                "there is no full file system here");

        assertThatThrownBy(() -> new FileArtifacts(full.resolve("tutti/artifacts")).put(HELLO))
                .isInstanceOfSatisfying(
                        ArtifactException.class, e -> assertThat(e.isFull()).isTrue());
    }

    @Test
    void a_folder_that_cannot_be_written_is_told() throws IOException {
        var notAFolder = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> new FileArtifacts(notAFolder).put(HELLO))
                .isInstanceOf(ArtifactException.class);
    }
}

package dev.tutti.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerLockTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("store").resolve("owner.lock");
    }

    @Test
    void one_part_of_a_process_owns_the_store() {
        var lock = OwnerLock.take(file());

        assertThat(lock).isPresent();
        assertThat(OwnerLock.take(file())).isEmpty();
        lock.orElseThrow().close();
        var again = OwnerLock.take(file());
        assertThat(again).isPresent();
        again.orElseThrow().close();
    }

    @Test
    void another_process_gets_it_only_once_it_is_free() throws Exception {
        try (var _ = OwnerLock.take(file()).orElseThrow()) {
            assertThat(takenByAnotherProcess()).isFalse();
        }
        assertThat(takenByAnotherProcess()).isTrue();
    }

    @Test
    void asking_again_within_the_process_does_not_give_the_lock_away() throws Exception {
        try (var _ = OwnerLock.take(file()).orElseThrow()) {
            assertThat(OwnerLock.take(file())).isEmpty();
            assertThat(takenByAnotherProcess()).isFalse();
        }
    }

    @Test
    void the_lock_of_a_killed_process_is_free() throws Exception {
        var holder = start("hold");
        try (var output = holder.inputReader()) {
            assertThat(output.readLine()).isEqualTo("taken");
            assertThat(OwnerLock.take(file())).isEmpty();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        var lock = OwnerLock.take(file());
        assertThat(lock).isPresent();
        lock.orElseThrow().close();
    }

    private boolean takenByAnotherProcess() throws Exception {
        var process = start("try");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0;
    }

    private Process start(String mode) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnotherProcess.class.getName(),
                        mode,
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// What the other process does.
    static final class AnotherProcess {
        private AnotherProcess() {}

        public static void main(String[] arguments) throws Exception {
            var lock = OwnerLock.take(Path.of(arguments[1]));
            if (lock.isEmpty()) {
                System.exit(1);
            }
            if (arguments[0].equals("hold")) {
                System.out.println("taken");
                Thread.sleep(60_000);
            }
        }
    }
}

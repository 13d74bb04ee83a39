package dev.tutti.simulation.crash;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A [Worker] in a process of its own, and what it says of itself.
final class Child implements AutoCloseable {
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;

    /// `int kill(pid_t, int)` of the C library.
    @SuppressWarnings("restricted")
    private static final MethodHandle KILL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final CommitMarks marks;
    private final Path log;

    private Child(Process process, CommitMarks marks, Path log) {
        this.process = process;
        this.marks = marks;
        this.log = log;
    }

    /// How a child is started.
    ///
    /// @param store its folder, as the child sees it
    /// @param marks the file of its marks, out of reach of what befalls the store
    /// @param submissions of each client
    /// @param within the command that starts it, such as `strace`; may be empty
    /// @param options of its JVM
    record Plan(
            Path store, Path marks, int submissions, List<String> within, List<String> options) {}

    static Child start(Plan plan) throws IOException {
        var marks = new CommitMarks(plan.marks());
        var log = plan.marks().resolveSibling(plan.marks().getFileName() + ".log");
        var process =
                new ProcessBuilder(command(plan))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new Child(process, marks, log);
    }

    private static List<String> command(Plan plan) {
        var command = new ArrayList<>(plan.within());
        var options = new ArrayList<>(plan.options());
        options.add("-Dorg.sqlite.tmpdir=" + plan.marks().toAbsolutePath().getParent());
        command.addAll(
                ChildJvm.command(
                        options,
                        Worker.class,
                        List.of(
                                plan.store().toString(),
                                plan.marks().toString(),
                                Integer.toString(plan.submissions()))));
        return command;
    }

    CommitMarks marks() {
        return marks;
    }

    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void await(CommitMarks.Phase phase) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (marks.phase().compareTo(phase) < 0) {
            if (!process.isAlive() && marks.phase().compareTo(phase) < 0) {
                throw new IllegalStateException(
                        "the worker ended by itself with "
                                + process.exitValue()
                                + ", its log is "
                                + log);
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "the worker is not " + phase + " after " + PATIENCE);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
    }

    /// Waits for its end and returns its exit code.
    int end() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the worker does not end");
        }
        return process.exitValue();
    }

    /// SIGKILL, also for what it was started within; returns when all of it is gone, and with it
    /// the lock of the store.
    void kill() {
        var within = process.descendants().toList();
        within.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        within.forEach(one -> one.onExit().join());
    }

    /// Waits until a commit is in flight, but not for ever: the worker may be through.
    void awaitInFlight(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (!marks.inFlight() && isAlive() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /// Lets it stand still where it is.
    void stop() throws IOException {
        signal(SIGSTOP);
    }

    /// Lets it go on.
    void goOn() throws IOException {
        signal(SIGCONT);
    }

    /// At once: a command that sends the signal would come too late for what takes less than it
    /// does.
    private void signal(int number) throws IOException {
        int said;
        try {
            said = (int) KILL.invokeExact((int) pid(), number);
        } catch (Throwable e) {
            throw new IOException("kill(2) cannot be called", e);
        }
        if (said != 0) {
            throw new IOException("process " + pid() + " cannot be sent signal " + number);
        }
    }

    @Override
    public void close() {
        kill();
        marks.close();
    }
}

package dev.tutti.simulation.crash;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What a process says of its commits, in a file mapped into memory: the page outlives a killed
/// process, so its last words are exact.
///
/// Four numbers (phase, commits begun, commits ended, entries acknowledged), then the position and
/// hash of every entry acknowledged.
final class CommitMarks implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long PHASE = 0;
    private static final long BEGUN = 8;
    private static final long ENDED = 16;
    private static final long ACKNOWLEDGED = 24;
    private static final long ENTRIES = 32;
    private static final int HASH = 32;
    private static final long ENTRY = 8 + HASH;
    private static final int MOST = 200_000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment page;

    CommitMarks(Path file) throws IOException {
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            page = channel.map(FileChannel.MapMode.READ_WRITE, 0, ENTRIES + MOST * ENTRY, arena);
        }
    }

    /// How far the process is.
    enum Phase {
        STARTING(0),
        WORKING(1),
        DONE(2);

        private final long number;

        Phase(long number) {
            this.number = number;
        }

        private static Phase of(long number) {
            return number == DONE.number ? DONE : number == WORKING.number ? WORKING : STARTING;
        }
    }

    /// An entry that a commit returned for.
    record Acknowledged(long position, byte[] hash) {}

    void phase(Phase phase) {
        LONG.setRelease(page, PHASE, phase.number);
    }

    Phase phase() {
        return Phase.of(get(PHASE));
    }

    void begin() {
        LONG.setRelease(page, BEGUN, get(BEGUN) + 1);
    }

    void end() {
        LONG.setRelease(page, ENDED, get(ENDED) + 1);
    }

    /// Whether the process died within a commit.
    boolean inFlight() {
        return get(BEGUN) > get(ENDED);
    }

    long commits() {
        return get(ENDED);
    }

    void acknowledge(long position, byte[] hash) {
        long count = get(ACKNOWLEDGED);
        long at = ENTRIES + count * ENTRY;
        page.set(ValueLayout.JAVA_LONG, at, position);
        MemorySegment.copy(MemorySegment.ofArray(hash), 0, page, at + 8, HASH);
        LONG.setRelease(page, ACKNOWLEDGED, count + 1);
    }

    List<Acknowledged> acknowledged() {
        var all = new ArrayList<Acknowledged>();
        for (long i = 0; i < get(ACKNOWLEDGED); i++) {
            long at = ENTRIES + i * ENTRY;
            all.add(
                    new Acknowledged(
                            page.get(ValueLayout.JAVA_LONG, at),
                            page.asSlice(at + 8, HASH).toArray(ValueLayout.JAVA_BYTE)));
        }
        return all;
    }

    private long get(long at) {
        return (long) LONG.getAcquire(page, at);
    }

    @Override
    public void close() {
        arena.close();
    }
}

package dev.tutti.simulation.crash;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a process says of its commits and acknowledgements, in a file mapped into memory: the page
/// outlives a killed process, so its last words are exact. The file lies where no fault of the
/// store reaches it.
///
/// Seven numbers (phase, commits begun, commits ended, entries acknowledged, submissions
/// acknowledged, submissions refused, the time of the first refusal), then what was acknowledged,
/// each with the time.
final class CommitMarks implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long PHASE = 0;
    private static final long BEGUN = 8;
    private static final long ENDED = 16;
    private static final long ENTRIES = 24;
    private static final long SUBMISSIONS = 32;
    private static final long REFUSED = 40;
    private static final long FIRST_REFUSED = 48;
    private static final long BODY = 56;
    private static final int HASH = 32;
    private static final long RECORD = 8 + 8 + HASH;
    private static final int MOST_ENTRIES = 400_000;
    private static final int MOST_SUBMISSIONS = 100_000;
    private static final long SECOND_PART = BODY + MOST_ENTRIES * RECORD;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment page;

    CommitMarks(Path file) throws IOException {
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            page =
                    channel.map(
                            FileChannel.MapMode.READ_WRITE,
                            0,
                            SECOND_PART + MOST_SUBMISSIONS * RECORD,
                            arena);
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

    /// Something that was acknowledged.
    ///
    /// @param what the position of an entry that a commit returned for, or the number of a
    ///   submission (see [Clients#number])
    /// @param hash of the entry, or of the body of the submission
    record Acknowledged(long what, Instant at, byte[] hash) {}

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

    /// Whether the process is, or died, within a commit.
    boolean inFlight() {
        return get(BEGUN) > get(ENDED);
    }

    long commits() {
        return get(ENDED);
    }

    void acknowledge(long position, byte[] hash) {
        record(ENTRIES, BODY, MOST_ENTRIES, position, hash);
    }

    /// Clients call this side by side.
    synchronized void submitted(long number, byte[] hash) {
        record(SUBMISSIONS, SECOND_PART, MOST_SUBMISSIONS, number, hash);
    }

    synchronized void refused() {
        if (refusals() == 0) {
            LONG.setRelease(page, FIRST_REFUSED, now());
        }
        LONG.setRelease(page, REFUSED, get(REFUSED) + 1);
    }

    /// How often a client was told that its submission was not taken.
    long refusals() {
        return get(REFUSED);
    }

    /// When a client was first told so.
    Optional<Instant> firstRefusal() {
        return refusals() == 0 ? Optional.empty() : Optional.of(instant(get(FIRST_REFUSED)));
    }

    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private void record(long counter, long part, int most, long what, byte[] hash) {
        long count = get(counter);
        if (count == most) {
            throw new IllegalStateException("more acknowledgements than there is room for");
        }
        long place = part + count * RECORD;
        page.set(ValueLayout.JAVA_LONG, place, what);
        page.set(ValueLayout.JAVA_LONG, place + 8, now());
        MemorySegment.copy(MemorySegment.ofArray(hash), 0, page, place + 16, HASH);
        LONG.setRelease(page, counter, count + 1);
    }

    /// How many entries commits returned for.
    long entries() {
        return get(ENTRIES);
    }

    /// Entries that commits returned for.
    List<Acknowledged> acknowledged() {
        return read(ENTRIES, BODY);
    }

    /// Submissions that clients had an answer to.
    List<Acknowledged> submissions() {
        return read(SUBMISSIONS, SECOND_PART);
    }

    private List<Acknowledged> read(long counter, long part) {
        var all = new ArrayList<Acknowledged>();
        for (long i = 0; i < get(counter); i++) {
            long place = part + i * RECORD;
            all.add(
                    new Acknowledged(
                            page.get(ValueLayout.JAVA_LONG, place),
                            instant(page.get(ValueLayout.JAVA_LONG, place + 8)),
                            page.asSlice(place + 16, HASH).toArray(ValueLayout.JAVA_BYTE)));
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

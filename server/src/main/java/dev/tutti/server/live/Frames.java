package dev.tutti.server.live;

import dev.tutti.core.event.RunId;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.RunPages.Choice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The latest events of the runs that are followed, as they are written: two hundred readers of a
/// run share what one reading made. Those who are further behind read for themselves.
final class Frames {
    private static final int PAGE = 200;
    private static final int MOST_RUNS = 64;
    private static final int MOST_FRAMES = 4_000;
    private static final long MOST_BYTES = 4 << 20;
    private static final Choice ALL = new Choice(null, null, false);

    private final RunPages pages;
    private final Map<RunId, Recent> recent = new LinkedHashMap<>(16, 0.75f, true);

    /// An event.
    ///
    /// @param bytes empty where it was not asked for
    /// @param end whether it is the one that ended the run
    record Frame(long sequence, byte[] bytes, boolean end) {}

    Frames(RunPages pages) {
        this.pages = pages;
    }

    /// The latest events of one run. Its own monitor guards it.
    private final class Recent {
        private final RunId run;
        private final List<Frame> frames = new ArrayList<>();
        private long base = -1;
        private long bytes;
        private long seenAt = -1;

        private Recent(RunId run) {
            this.run = run;
        }

        /// Events after one.
        ///
        /// @param position how far the journal is known to be
        private synchronized List<Frame> after(long sequence, long position) {
            if (base < 0) {
                base = sequence;
            }
            if (sequence < base) {
                return read(run, sequence, ALL);
            }
            long known = base + frames.size();
            if (sequence >= known && seenAt < position) {
                var more = read(run, known, ALL);
                frames.addAll(more);
                more.forEach(frame -> bytes += frame.bytes().length);
                if (more.size() < PAGE) {
                    seenAt = position;
                }
                trim();
            }
            long from = sequence - base;
            if (from < 0 || from > frames.size()) {
                // Who has read for himself may know more than is kept here.
                return read(run, sequence, ALL);
            }
            return List.copyOf(
                    frames.subList((int) from, (int) Math.min(frames.size(), from + PAGE)));
        }

        private void trim() {
            int gone = 0;
            while (frames.size() - gone > PAGE
                    && (frames.size() - gone > MOST_FRAMES || bytes > MOST_BYTES)) {
                bytes -= frames.get(gone++).bytes().length;
            }
            frames.subList(0, gone).clear();
            base += gone;
        }
    }

    /// Events after one, as far as there are; a page of them at most.
    List<Frame> after(RunId run, long sequence, Choice choice, long position) {
        if (!choice.equals(ALL)) {
            return read(run, sequence, choice);
        }
        Recent found;
        synchronized (recent) {
            found = recent.computeIfAbsent(run, Recent::new);
            if (recent.size() > MOST_RUNS) {
                recent.remove(recent.keySet().iterator().next());
            }
        }
        return found.after(sequence, position);
    }

    static boolean isPage(List<Frame> frames) {
        return frames.size() == PAGE;
    }

    private List<Frame> read(RunId run, long sequence, Choice choice) {
        return pages.tell(run, sequence, PAGE, choice).stream()
                .map(told -> {
                    var document = told.document();
                    return new Frame(
                            told.sequence(),
                            document == null
                                    ? new byte[0]
                                    : Sse.frame("journal", told.sequence(), Json.bytes(document)),
                            told.last());
                })
                .toList();
    }
}

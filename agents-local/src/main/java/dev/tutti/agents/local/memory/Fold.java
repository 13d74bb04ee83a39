package dev.tutti.agents.local.memory;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.Posted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes messages into an index, in their order. What comes of a message follows from those before
/// it and their times alone, so that an index made anew is the same.
final class Fold {
    /// Messages that tell nothing, of which it is kept why.
    private static final int MOST_UNREAD = 20;

    private static final String RUN = "run/";

    /// A place in the journal that says that all runs are to be looked at again.
    private static final long AGAIN = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Fold.class);

    private final IndexWriter writer;
    private final JournalReader journal;
    private final TenantId tenant;
    private final @Nullable Contents before;
    private final Map<String, Memory> told = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private Mark mark;
    private boolean erases;

    /// @param before what is there, or null for nothing
    Fold(IndexWriter writer, @Nullable Contents before, JournalReader journal, TenantId tenant) {
        this.writer = writer;
        this.journal = journal;
        this.tenant = tenant;
        this.before = before;
        mark = before == null ? Mark.NONE : before.mark();
    }

    Mark mark() {
        return mark;
    }

    /// Whether something is to be gone from the files as well.
    boolean erases() {
        return erases;
    }

    void take(Entry entry) throws IOException {
        var rules = mark.rules();
        var unread = new ArrayList<>(mark.unread());
        var forgets = new ArrayList<>(mark.forgets());
        long position = mark.position();
        switch (Told.of(entry)) {
            case Told.Facts(var facts, var trust) -> {
                for (int i = 0; i < facts.size(); i++) {
                    var id = "m" + entry.sequence() + (i == 0 ? "" : "." + (i + 1));
                    tell(id, facts.get(i), trust, entry);
                }
            }
            case Told.Forget(var id, var about) -> {
                if (id != null) {
                    forget(Leaf.ID, id);
                } else if (about != null) {
                    forget(Leaf.ABOUT, about);
                }
                forgetEpisodes(about, entry.event().at());
                erases = true;
                forgets.add(entry.sequence());
                position = mark.trimmed() ? AGAIN : position;
            }
            case Told.Ruled(var data) -> {
                rules = rules.with(data);
                position =
                        Objects.equals(rules.episodes(), mark.rules().episodes())
                                ? position
                                : AGAIN;
            }
            case Told.Nothing(var why) -> {
                unread.add("message " + entry.sequence() + ": " + why);
                if (unread.size() > MOST_UNREAD) {
                    unread.removeFirst();
                }
            }
        }
        mark =
                new Mark(
                        entry.sequence(),
                        Index.hash(entry.hash()),
                        position,
                        mark.day(),
                        forgets,
                        mark.trimmed(),
                        rules,
                        unread);
    }

    private void tell(String id, Told.Fact fact, Trust trust, Entry entry) throws IOException {
        var at = entry.event().at();
        var wording = fact.wording();
        var known = find(wording.same(), at);
        var expires = fact.expires() == null ? mark.rules().expiry(at) : fact.expires();
        var whose = fact.outside() ? Trust.OUTSIDE : trust;
        if (known == null) {
            var event = Posted.of(entry).event();
            var from =
                    entry.event().actor().startsWith(RUN) ? entry.event().actor() : event.source();
            var memory =
                    new Memory(
                            id,
                            Kind.FACT,
                            fact.text(),
                            fact.about(),
                            fact.attribute(),
                            fact.value(),
                            whose,
                            from,
                            from.startsWith(RUN) ? task(event.id()) : null,
                            at,
                            at,
                            0,
                            expires);
            writer.addDocument(Leaf.of(memory, wording, List.of()));
            told.put(wording.same(), memory);
            return;
        }
        var again =
                new Memory(
                        known.id(),
                        known.kind(),
                        known.text(),
                        known.about(),
                        known.attribute(),
                        known.value(),
                        // What a person says as well is a person's; nobody else makes it truer.
                        whose == Trust.PERSON ? Trust.PERSON : known.trust(),
                        known.from(),
                        known.task(),
                        known.at(),
                        at,
                        known.confirmations() + 1,
                        expires);
        writer.updateDocValues(new Term(Leaf.ID, known.id()), Leaf.told(again));
        told.put(wording.same(), again);
    }

    /// The memory that a fact is the same as, if it is remembered at that time.
    private @Nullable Memory find(String same, Instant at) throws IOException {
        var recent = told.get(same);
        if (recent != null) {
            return recent.lives(at) ? recent : null;
        }
        if (before == null) {
            return null;
        }
        Memory found = null;
        for (int place : before.with(Leaf.SAME, same)) {
            var memory = before.memory(place);
            if (memory.lives(at) && !gone.contains(memory.id())) {
                found = memory;
            }
        }
        return found;
    }

    /// The task that published a message, by the place in its run's journal that is in the
    /// message's id; null where that cannot be read.
    private @Nullable String task(String id) {
        var parts = id.split("/", -1);
        if (parts.length != 4 || !parts[2].matches("[0-9]{1,18}")) {
            return null;
        }
        try {
            var run = StreamId.run(tenant, new RunId(parts[1]));
            var entries = journal.read(run, Long.parseLong(parts[2]) - 1, 1);
            return !entries.isEmpty()
                            && Runs.event(entries.getFirst())
                                    instanceof Event.MessagePublished published
                    ? published.task().toString()
                    : null;
        } catch (JournalException | IllegalArgumentException unreadable) {
            LOG.warn("which task told {} cannot be read: {}", id, unreadable.getMessage());
            return null;
        }
    }

    private void forget(String field, String term) throws IOException {
        writer.deleteDocuments(new Term(field, term));
        told.values()
                .removeIf(memory ->
                        term.equals(field.equals(Leaf.ID) ? memory.id() : memory.about()));
        if (before != null) {
            for (int place : before.with(field, term)) {
                gone.add(before.memory(place).id());
            }
        }
    }

    private void forgetEpisodes(@Nullable String about, Instant at) throws IOException {
        if (before == null || about == null) {
            return;
        }
        for (int place : ofRuns(before)) {
            var memory = before.memory(place);
            if (memory.at().isBefore(at)
                    && (before.told(place).contains(about) || names(memory.text(), about))) {
                writer.deleteDocuments(new Term(Leaf.ID, memory.id()));
                gone.add(memory.id());
            }
        }
    }

    /// The places of what follows from runs.
    private static List<Integer> ofRuns(Contents contents) throws IOException {
        var places = new ArrayList<>(contents.with(Leaf.KIND, Kind.EPISODE.word()));
        places.addAll(contents.with(Leaf.KIND, Kind.PROCEDURE.word()));
        return places;
    }

    private static boolean names(String text, String about) {
        return text.toLowerCase(Locale.ROOT).contains(about.toLowerCase(Locale.ROOT));
    }

    /// Takes in the runs that ended.
    ///
    /// @param to the place in the journal up to which they are looked for
    void runs(long to) throws IOException {
        boolean again = mark.position() == AGAIN;
        if (again) {
            writer.deleteDocuments(
                    new Term(Leaf.KIND, Kind.EPISODE.word()),
                    new Term(Leaf.KIND, Kind.PROCEDURE.word()));
        }
        var kept = new TreeSet<String>();
        if (before != null && !again) {
            for (int place : ofRuns(before)) {
                var id = before.id(place);
                if (!gone.contains(id)) {
                    kept.add(id);
                }
            }
        }
        boolean trimmed = !again && mark.trimmed();
        int taken = 0;
        for (var run : Episodes.ended(journal, tenant, Math.max(0, mark.position()))) {
            if (taken >= Episodes.MOST) {
                trimmed = true;
                break;
            }
            if (kept.contains(Episodes.id(run))) {
                continue;
            }
            var episode = Episodes.of(journal, tenant, run);
            if (episode.isPresent() && !isForgotten(episode.get())) {
                taken++;
                kept.add(Episodes.id(run));
                writer.updateDocument(
                        new Term(Leaf.ID, Episodes.id(run)),
                        Leaf.of(
                                episode.get().memory(),
                                episode.get().wording(),
                                episode.get().told()));
            }
        }
        while (kept.size() > Episodes.MOST) {
            trimmed = true;
            writer.deleteDocuments(new Term(Leaf.ID, Objects.requireNonNull(kept.pollFirst())));
        }
        mark = mark.with(to, trimmed);
    }

    /// Whether a run that began earlier was to be forgotten: by its id, or because it told
    /// something about somebody, or names them.
    private boolean isForgotten(Episodes.Episode episode) {
        for (long sequence : mark.forgets().reversed()) {
            var entries = journal.read(StreamId.topic(tenant, Told.TOPIC), sequence - 1, 1);
            if (entries.isEmpty()
                    || entries.getFirst().event().at().isBefore(episode.memory().at())) {
                return false;
            }
            if (Told.of(entries.getFirst()) instanceof Told.Forget(var id, var about)
                    && (episode.memory().id().equals(id)
                            || (about != null
                                    && (episode.told().contains(about)
                                            || names(episode.memory().text(), about))))) {
                return true;
            }
        }
        return false;
    }

    /// Lets go of what has expired before a day.
    void expire(long day) throws IOException {
        if (day <= mark.day()) {
            return;
        }
        long until = Duration.ofDays(day).toMillis() * 1_000;
        writer.deleteDocuments(
                NumericDocValuesField.newSlowRangeQuery(Leaf.EXPIRES, Long.MIN_VALUE, until));
        erases = true;
        mark = mark.on(day);
    }
}

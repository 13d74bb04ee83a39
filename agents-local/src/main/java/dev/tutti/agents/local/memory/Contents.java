package dev.tutti.agents.local.memory;

import dev.tutti.core.event.Provenance.Trust;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// The index as of one commit, with what a search needs of every memory at hand. Whoever uses it
/// holds it with [#hold] until [#release].
final class Contents {
    private final DirectoryReader reader;
    private final Mark mark;
    private final long retained;
    private final int[] subjects;
    private final long[] lengths;
    private final long[] keys;
    private final long[] at;
    private final long[] confirmed;
    private final int[] confirmations;
    private final long[] expires;
    private final @Nullable Trust[] trusts;
    private final @Nullable Kind[] kinds;
    private final @Nullable BytesRef[] digests;
    private final long[] words = new long[Part.values().length];
    private final int[][] subjectWords;
    private final int subjectCount;
    private int count;

    Contents(DirectoryReader reader, Mark mark) throws IOException {
        this.reader = reader;
        this.mark = mark;
        var episodes = mark.rules().episodes();
        retained = episodes == null ? Long.MAX_VALUE : episodes.toMillis() * 1_000;
        int most = reader.maxDoc();
        subjects = new int[most];
        Arrays.fill(subjects, -1);
        lengths = new long[most];
        keys = new long[most];
        at = new long[most];
        confirmed = new long[most];
        confirmations = new int[most];
        expires = new long[most];
        trusts = new Trust[most];
        kinds = new Kind[most];
        digests = new BytesRef[most];
        var numbers = new HashMap<BytesRef, Integer>();
        for (var leaf : reader.leaves()) {
            load(leaf.reader(), leaf.docBase, numbers);
        }
        subjectCount = numbers.size();
        subjectWords = new int[words.length][subjectCount];
        for (int place = 0; place < most; place++) {
            if (subjects[place] >= 0) {
                for (var part : Part.values()) {
                    int length = part.length(lengths[place]);
                    words[part.place()] += length;
                    subjectWords[part.place()][subjects[place]] += length;
                }
            }
        }
    }

    private void load(LeafReader leaf, int base, Map<BytesRef, Integer> numbers)
            throws IOException {
        var live = leaf.getLiveDocs();
        var subject = DocValues.getSorted(leaf, Leaf.SUBJECT);
        var digest = DocValues.getBinary(leaf, Leaf.DIGEST);
        var byOrd = new int[subject.getValueCount()];
        Arrays.fill(byOrd, -1);
        for (int doc = subject.nextDoc();
                doc != DocIdSetIterator.NO_MORE_DOCS;
                doc = subject.nextDoc()) {
            if (live != null && !live.get(doc)) {
                continue;
            }
            int ord = subject.ordValue();
            if (byOrd[ord] < 0) {
                var name = BytesRef.deepCopyOf(subject.lookupOrd(ord));
                byOrd[ord] = numbers.computeIfAbsent(name, _ -> numbers.size());
            }
            subjects[base + doc] = byOrd[ord];
            digests[base + doc] =
                    digest.advanceExact(doc) ? BytesRef.deepCopyOf(digest.binaryValue()) : null;
            count++;
        }
        numbers(leaf, base, Leaf.LENGTHS, lengths);
        numbers(leaf, base, Leaf.KEY, keys);
        numbers(leaf, base, Leaf.AT, at);
        numbers(leaf, base, Leaf.CONFIRMED, confirmed);
        numbers(leaf, base, Leaf.EXPIRES, expires);
        var small = new long[reader.maxDoc()];
        numbers(leaf, base, Leaf.CONFIRMATIONS, small);
        var trust = new long[reader.maxDoc()];
        numbers(leaf, base, Leaf.TRUST, trust);
        for (int doc = base; doc < base + leaf.maxDoc(); doc++) {
            confirmations[doc] = (int) small[doc];
            trusts[doc] = Leaf.trust(trust[doc]);
        }
        for (var kind : Kind.values()) {
            var postings = leaf.postings(new Term(Leaf.KIND, kind.word()));
            for (int doc = postings == null ? DocIdSetIterator.NO_MORE_DOCS : postings.nextDoc();
                    doc != DocIdSetIterator.NO_MORE_DOCS;
                    doc = postings.nextDoc()) {
                kinds[base + doc] = kind;
            }
        }
    }

    private static void numbers(LeafReader leaf, int base, String field, long[] into)
            throws IOException {
        var values = DocValues.getNumeric(leaf, field);
        for (int doc = values.nextDoc();
                doc != DocIdSetIterator.NO_MORE_DOCS;
                doc = values.nextDoc()) {
            into[base + doc] = values.longValue();
        }
    }

    boolean hold() {
        return reader.tryIncRef();
    }

    void release() throws IOException {
        reader.decRef();
    }

    DirectoryReader reader() {
        return reader;
    }

    Mark mark() {
        return mark;
    }

    /// Places of memories, those that are gone among them.
    int places() {
        return subjects.length;
    }

    /// How many memories there are.
    int count() {
        return count;
    }

    int subjectCount() {
        return subjectCount;
    }

    /// The number of whom or what a memory is about, below [#subjectCount]; -1 for one that is
    /// gone.
    int subject(int place) {
        return subjects[place];
    }

    /// How many words a part has, in all memories.
    long words(Part part) {
        return words[part.place()];
    }

    /// How many words a part has, in all memories about a subject.
    int words(Part part, int subject) {
        return subjectWords[part.place()][subject];
    }

    long lengths(int place) {
        return lengths[place];
    }

    @Nullable BytesRef digest(int place) {
        return digests[place];
    }

    Instant confirmed(int place) {
        return Leaf.instant(confirmed[place]);
    }

    /// Whether there is one of these kinds at a place that is to be remembered now.
    boolean has(int place, Set<Kind> wanted, long now) {
        var kind = kinds[place];
        return subjects[place] >= 0
                && expires[place] > now
                && kind != null
                && wanted.contains(kind)
                && (!kind.isOfRun() || confirmed[place] > now - retained);
    }

    /// The places of the memories with a term, in the order in which they came.
    List<Integer> with(String field, String term) throws IOException {
        var places = new ArrayList<Integer>();
        for (var leaf : reader.leaves()) {
            var postings = leaf.reader().postings(new Term(field, term));
            for (int doc = postings == null ? DocIdSetIterator.NO_MORE_DOCS : postings.nextDoc();
                    doc != DocIdSetIterator.NO_MORE_DOCS;
                    doc = postings.nextDoc()) {
                if (subjects[leaf.docBase + doc] >= 0) {
                    places.add(leaf.docBase + doc);
                }
            }
        }
        return places;
    }

    /// A memory with those that say otherwise.
    ///
    /// @param contradicted places of memories that say otherwise about the same
    record Full(Memory memory, List<Integer> contradicted) {}

    /// The memory at a place, with those that say otherwise and are to be remembered now.
    Full full(int place, Instant now) throws IOException {
        var fields = reader.storedFields().document(place);
        var contradicted = new ArrayList<Integer>();
        var apart = fields.get(Leaf.APART);
        if (apart != null) {
            long micros = Leaf.micros(now);
            for (int other : with(Leaf.APART, apart)) {
                if (keys[other] != keys[place] && expires[other] > micros) {
                    contradicted.add(other);
                }
            }
        }
        return new Full(memory(place, fields), contradicted);
    }

    /// The memory at a place.
    Memory memory(int place) throws IOException {
        return memory(place, reader.storedFields().document(place));
    }

    /// Whom and what a run told something about.
    List<String> told(int place) throws IOException {
        return List.of(
                reader.storedFields().document(place, Set.of(Leaf.TOLD)).getValues(Leaf.TOLD));
    }

    String id(int place) throws IOException {
        return reader.storedFields().document(place, Set.of(Leaf.ID)).get(Leaf.ID);
    }

    private Memory memory(int place, Document fields) {
        return new Memory(
                fields.get(Leaf.ID),
                Objects.requireNonNull(kinds[place]),
                fields.get(Leaf.TEXT),
                fields.get(Leaf.ABOUT),
                fields.get(Leaf.ATTRIBUTE),
                fields.get(Leaf.VALUE),
                trust(place),
                fields.get(Leaf.FROM),
                fields.get(Leaf.TASK),
                Leaf.instant(at[place]),
                Leaf.instant(confirmed[place]),
                confirmations[place],
                Leaf.expiry(expires[place]));
    }

    Trust trust(int place) {
        return Objects.requireNonNull(trusts[place]);
    }

    /// The memory of an id.
    Optional<Integer> place(String id) throws IOException {
        return with(Leaf.ID, id).stream().findFirst();
    }
}

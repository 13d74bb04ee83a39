package dev.tutti.agents.local;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// The index as of one commit, with what a search needs of every entry at hand. Whoever uses it
/// holds it with [#hold] until [#release].
final class Snapshot {
    /// What is known of an indexed file.
    ///
    /// @param stamp size and time
    /// @param content SHA-256
    record Known(BytesRef stamp, BytesRef content) {}

    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final Map<String, Known> files = new HashMap<>();
    private final String[] sources;
    private final int[] sourceOf;
    private final int[] firstPassageOf;
    private final @Nullable BytesRef[] digests;
    private final float[] prose;
    private final int passages;

    Snapshot(DirectoryReader reader) throws IOException {
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        this.sourceOf = new int[reader.maxDoc()];
        this.digests = new BytesRef[reader.maxDoc()];
        this.prose = new float[reader.maxDoc()];
        Arrays.fill(sourceOf, -1);
        var numbers = new HashMap<String, Integer>();
        int count = 0;
        for (var leaf : reader.leaves()) {
            count += load(leaf.reader(), leaf.docBase, numbers);
        }
        this.passages = count;
        this.sources = new String[numbers.size()];
        numbers.forEach((source, number) -> sources[number] = source);
        this.firstPassageOf = new int[sources.length];
        Arrays.fill(firstPassageOf, -1);
        for (int entry = sourceOf.length - 1; entry >= 0; entry--) {
            if (digests[entry] != null) {
                firstPassageOf[sourceOf[entry]] = entry;
            }
        }
    }

    private int load(LeafReader leaf, int base, Map<String, Integer> numbers) throws IOException {
        var live = leaf.getLiveDocs();
        var source = leaf.getSortedDocValues(Entry.SOURCE);
        var stamps = leaf.getBinaryDocValues(Entry.STAMP);
        var contents = leaf.getBinaryDocValues(Entry.CONTENT);
        var digest = leaf.getBinaryDocValues(Entry.DIGEST);
        var shares = leaf.getNumericDocValues(Entry.PROSE);
        int found = 0;
        if (source == null) {
            return found;
        }
        for (int doc = source.nextDoc();
                doc != DocIdSetIterator.NO_MORE_DOCS;
                doc = source.nextDoc()) {
            if (live != null && !live.get(doc)) {
                continue;
            }
            var name = source.lookupOrd(source.ordValue()).utf8ToString();
            sourceOf[base + doc] = numbers.computeIfAbsent(name, _ -> numbers.size());
            var passage = value(digest, doc);
            if (passage != null) {
                digests[base + doc] = passage;
                if (shares != null && shares.advanceExact(doc)) {
                    prose[base + doc] = Float.intBitsToFloat((int) shares.longValue());
                }
                found++;
                continue;
            }
            var stamp = value(stamps, doc);
            var content = value(contents, doc);
            if (stamp != null && content != null) {
                files.put(name, new Known(stamp, content));
            }
        }
        return found;
    }

    private static @Nullable BytesRef value(@Nullable BinaryDocValues values, int doc)
            throws IOException {
        return values != null && values.advanceExact(doc)
                ? BytesRef.deepCopyOf(values.binaryValue())
                : null;
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

    IndexSearcher searcher() {
        return searcher;
    }

    /// The files that are indexed, by their paths.
    Map<String, Known> files() {
        return files;
    }

    int passages() {
        return passages;
    }

    int sourceCount() {
        return sources.length;
    }

    /// The number of the file that an entry is of, below [#sourceCount].
    int sourceOf(int entry) {
        return sourceOf[entry];
    }

    String source(int number) {
        return sources[number];
    }

    /// The first passage of a file, or -1.
    int firstPassageOf(int source) {
        return firstPassageOf[source];
    }

    /// The share of a passage that is prose.
    float prose(int entry) {
        return prose[entry];
    }

    int entries() {
        return digests.length;
    }

    /// What names the vector of a passage; null for an entry that is not a passage.
    @Nullable BytesRef digest(int entry) {
        return digests[entry];
    }
}

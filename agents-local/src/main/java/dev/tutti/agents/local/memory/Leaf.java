package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.Words;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.runtime.artifact.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// How a memory lies in the index. What changes when it is told again are numbers beside it, so
/// that nothing is written anew and an index that grew is as one that was made at once.
final class Leaf {
    static final String ID = "id";
    static final String KIND = "kind";
    static final String TEXT = "text";
    static final String ABOUT = "about";
    static final String ATTRIBUTE = "attribute";
    static final String VALUE = "value";
    static final String FROM = "from";
    static final String TASK = "task";
    static final String TOLD = "told";
    static final String SAME = "same";
    static final String APART = "apart";

    /// The beginning of [#SAME] as a number.
    static final String KEY = "key";

    /// Whom or what it is about; of one that is about nobody, itself.
    static final String SUBJECT = "subject";

    /// Names its vector.
    static final String DIGEST = "digest";

    static final String AT = "at";
    static final String CONFIRMED = "confirmed";
    static final String CONFIRMATIONS = "confirmations";
    static final String EXPIRES = "expires";
    static final String TRUST = "trust";

    /// How many words each [Part] has.
    static final String LENGTHS = "lengths";

    static final long NEVER = Long.MAX_VALUE;
    private static final FieldType COUNTED = new FieldType();

    static {
        COUNTED.setTokenized(true);
        COUNTED.setOmitNorms(true);
        COUNTED.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        COUNTED.freeze();
    }

    private Leaf() {}

    static Analyzer analyzer() {
        return new PerFieldAnalyzerWrapper(
                Words.STEMS, Map.of(Part.WRITTEN.field(), Part.WRITTEN.analyzer()));
    }

    /// @param told whom and what a run told something about
    static Document of(Memory memory, Wording wording, List<String> told) {
        var leaf = new Document();
        leaf.add(new StringField(ID, memory.id(), Field.Store.YES));
        leaf.add(new StringField(KIND, memory.kind().word(), Field.Store.YES));
        leaf.add(new StoredField(TEXT, memory.text()));
        leaf.add(new StoredField(FROM, memory.from()));
        store(leaf, TASK, memory.task());
        told.forEach(subject -> leaf.add(new StoredField(TOLD, subject)));
        store(leaf, ATTRIBUTE, memory.attribute());
        store(leaf, VALUE, memory.value());
        if (memory.about() != null) {
            leaf.add(new StringField(ABOUT, memory.about(), Field.Store.YES));
        }
        leaf.add(new StringField(SAME, wording.same(), Field.Store.NO));
        if (wording.apart() != null) {
            leaf.add(new StringField(APART, wording.apart(), Field.Store.YES));
        }
        var names = names(memory);
        leaf.add(new NumericDocValuesField(KEY, key(wording.same())));
        long lengths = 0;
        for (var part : Part.values()) {
            var text = part.of(memory.text(), names);
            leaf.add(new Field(part.field(), text, COUNTED));
            lengths = part.with(lengths, text);
        }
        leaf.add(new NumericDocValuesField(LENGTHS, lengths));
        leaf.add(
                new SortedDocValuesField(
                        SUBJECT,
                        new BytesRef(
                                memory.about() == null ? "\u0000" + memory.id() : memory.about())));
        leaf.add(new BinaryDocValuesField(DIGEST, digest(memory)));
        leaf.add(new NumericDocValuesField(AT, micros(memory.at())));
        for (var number : told(memory)) {
            leaf.add(number);
        }
        return leaf;
    }

    /// The numbers that change when a memory is told again.
    static Field[] told(Memory memory) {
        return new Field[] {
            new NumericDocValuesField(CONFIRMED, micros(memory.confirmed())),
            new NumericDocValuesField(CONFIRMATIONS, memory.confirmations()),
            new NumericDocValuesField(
                    EXPIRES, memory.expires() == null ? NEVER : micros(memory.expires())),
            new NumericDocValuesField(TRUST, number(memory.trust()))
        };
    }

    private static void store(Document leaf, String name, @Nullable String text) {
        if (text != null) {
            leaf.add(new StoredField(name, text));
        }
    }

    private static String names(Memory memory) {
        var about = Objects.requireNonNullElse(memory.about(), "");
        var attribute = Objects.requireNonNullElse(memory.attribute(), "");
        return (about + " " + attribute).replaceAll("[/._@:#-]+", " ");
    }

    /// What is embedded of a memory.
    static String embedded(String text, @Nullable String about) {
        return about == null || text.contains(about) ? text : about + ": " + text;
    }

    private static BytesRef digest(Memory memory) {
        var text = embedded(memory.text(), memory.about()).getBytes(StandardCharsets.UTF_8);
        return new BytesRef(HexFormat.of().parseHex(Sha256.hex(text)));
    }

    private static long key(String hash) {
        return Long.parseUnsignedLong(hash.substring(0, 16), 16);
    }

    static long micros(Instant time) {
        return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    static @Nullable Instant expiry(long micros) {
        return micros == NEVER ? null : instant(micros);
    }

    static Trust trust(long number) {
        return switch ((int) number) {
            case 0 -> Trust.OUTSIDE;
            case 1 -> Trust.AGENT;
            default -> Trust.PERSON;
        };
    }

    private static long number(Trust trust) {
        return switch (trust) {
            case OUTSIDE -> 0;
            case AGENT -> 1;
            case PERSON -> 2;
        };
    }
}

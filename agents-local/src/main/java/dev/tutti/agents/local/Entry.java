package dev.tutti.agents.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.FloatDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.util.BytesRef;

/// How a file lies in the index: one entry for the whole page, one for each of its passages. All of
/// them carry the file's path, and are replaced together.
final class Entry {
    static final String SOURCE = "source";

    /// Says what an entry is: [#PAGE] or [#PASSAGE].
    static final String KIND = "kind";

    static final String PAGE = "page";
    static final String PASSAGE = "passage";

    /// The path again, of the page alone.
    static final String FILE = "file";

    static final String PAGE_TEXT = "page_text";
    static final String PAGE_STEMS = "page_stems";
    static final String PAGE_TITLE = "page_title";
    static final String PAGE_HEADINGS = "page_headings";
    static final String PAGE_PATH = "page_path";
    static final String PAGE_LEAD = "page_lead";
    static final String STAMP = "stamp";
    static final String CONTENT = "content";

    // Of a passage.
    static final String TEXT = "text";
    static final String STEMS = "stems";
    static final String HEADING = "heading";
    static final String TITLE = "title";
    static final String PLACE = "place";
    static final String DIGEST = "digest";
    static final String PROSE = "prose";

    /// The words at the beginning of a page that say what it is about.
    private static final int LEAD_WORDS = 80;

    private static final FieldType COUNTED = new FieldType();

    static {
        COUNTED.setTokenized(true);
        COUNTED.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        COUNTED.freeze();
    }

    private Entry() {}

    static Analyzer analyzer() {
        return new PerFieldAnalyzerWrapper(
                Words.STEMS, Map.of(PAGE_TEXT, Words.AS_WRITTEN, PAGE_LEAD, Words.AS_WRITTEN));
    }

    /// The entries of a file.
    ///
    /// @param content its SHA-256
    static List<Iterable<? extends IndexableField>> of(
            SourceFile file, BytesRef content, String title, List<Passage> passages) {
        var entries = new ArrayList<Iterable<? extends IndexableField>>();
        for (var passage : passages) {
            entries.add(passage(file, title, passage));
        }
        entries.add(page(file, content, title, passages));
        return entries;
    }

    private static Document page(
            SourceFile file, BytesRef content, String title, List<Passage> passages) {
        var headings = new StringBuilder();
        var text = new StringBuilder();
        var last = "";
        for (var passage : passages) {
            if (!passage.heading().equals(last)) {
                last = passage.heading();
                headings.append(last).append('\n');
            }
            text.append(passage.text()).append('\n');
        }
        var page = new Document();
        page.add(new StringField(KIND, PAGE, Field.Store.NO));
        page.add(new StringField(SOURCE, file.source(), Field.Store.NO));
        page.add(new SortedDocValuesField(SOURCE, new BytesRef(file.source())));
        page.add(new StringField(FILE, file.source(), Field.Store.NO));
        page.add(new BinaryDocValuesField(STAMP, stamp(file)));
        page.add(new BinaryDocValuesField(CONTENT, content));
        page.add(counted(PAGE_TITLE, title));
        page.add(counted(PAGE_PATH, pathWords(file.source())));
        page.add(counted(PAGE_HEADINGS, headings.toString()));
        page.add(counted(PAGE_LEAD, lead(title + "\n" + text)));
        page.add(counted(PAGE_TEXT, title + "\n" + headings + text));
        page.add(counted(PAGE_STEMS, title + "\n" + headings + text));
        return page;
    }

    private static Document passage(SourceFile file, String title, Passage passage) {
        var entry = new Document();
        entry.add(new StringField(KIND, PASSAGE, Field.Store.NO));
        entry.add(new StringField(SOURCE, file.source(), Field.Store.NO));
        entry.add(new SortedDocValuesField(SOURCE, new BytesRef(file.source())));
        entry.add(new StoredField(TITLE, title));
        entry.add(new StoredField(HEADING, passage.heading()));
        entry.add(counted(HEADING, passage.heading()));
        entry.add(new TextField(STEMS, passage.text(), Field.Store.NO));
        entry.add(new StoredField(TEXT, passage.text()));
        entry.add(new FloatDocValuesField(PROSE, (float) passage.prose()));
        entry.add(new StoredField(PLACE, passage.place()));
        var embedded = embedded(title, passage.heading(), passage.text());
        entry.add(new BinaryDocValuesField(DIGEST, new BytesRef(Digest.of(embedded))));
        return entry;
    }

    /// A field of which it matters what words it has and how often, but not where.
    private static Field counted(String name, String text) {
        return new Field(name, text, COUNTED);
    }

    /// What is embedded of a passage: what it is about, then its text.
    static String embedded(String title, String heading, String text) {
        return heading.isEmpty() ? title + "\n" + text : title + ": " + heading + "\n" + text;
    }

    /// Tells a changed file from an unchanged one without reading it.
    static BytesRef stamp(SourceFile file) {
        return new BytesRef(file.size() + "/" + file.modified());
    }

    private static String pathWords(String source) {
        int dot = source.lastIndexOf('.');
        return (dot > source.lastIndexOf('/') ? source.substring(0, dot) : source)
                .replaceAll("[/._-]+", " ");
    }

    private static String lead(CharSequence text) {
        int words = 0;
        int end = 0;
        while (end < text.length() && words < LEAD_WORDS) {
            while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            words++;
        }
        return text.subSequence(0, end).toString();
    }
}

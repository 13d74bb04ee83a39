package dev.tutti.agents.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/// What counts as a word, in two ways.
public final class Words {
    /// English stems without stop words. Compound names count as a whole and by their parts:
    /// `wal_checkpoint` is also `wal` and `checkpoint`.
    public static final Analyzer STEMS =
            new Analyzer() {
                @Override
                protected TokenStreamComponents createComponents(String field) {
                    var words = new StandardTokenizer();
                    var lower = new LowerCaseFilter(new CompoundFilter(words));
                    var plain =
                            new StopFilter(
                                    new EnglishPossessiveFilter(lower),
                                    EnglishAnalyzer.ENGLISH_STOP_WORDS_SET);
                    return new TokenStreamComponents(words, new PorterStemFilter(plain));
                }
            };

    /// Words as written, but for their case.
    public static final Analyzer AS_WRITTEN =
            new Analyzer() {
                @Override
                protected TokenStreamComponents createComponents(String field) {
                    var words = new StandardTokenizer();
                    return new TokenStreamComponents(words, new LowerCaseFilter(words));
                }
            };

    private Words() {}

    /// The words of a text, in its order.
    public static List<String> of(Analyzer analyzer, String text) {
        var terms = new ArrayList<String>();
        try (var stream = analyzer.tokenStream("", text)) {
            var term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                terms.add(term.toString());
            }
            stream.end();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return terms;
    }
}

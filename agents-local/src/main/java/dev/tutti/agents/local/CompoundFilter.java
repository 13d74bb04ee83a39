package dev.tutti.agents.local;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/// Adds the parts of compound names to them: after `wal_checkpoint` come `wal` and `checkpoint`,
/// after `openFile` come `open` and `File`. The parts take the place of the name, in a row.
final class CompoundFilter extends TokenFilter {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final PositionIncrementAttribute step = addAttribute(PositionIncrementAttribute.class);
    private final Queue<String> parts = new ArrayDeque<>();

    CompoundFilter(TokenStream words) {
        super(words);
    }

    @Override
    public boolean incrementToken() throws IOException {
        var part = parts.poll();
        if (part != null) {
            term.setEmpty().append(part);
            step.setPositionIncrement(1);
            return true;
        }
        if (!input.incrementToken()) {
            return false;
        }
        split(term.buffer(), term.length());
        return true;
    }

    @Override
    public void reset() throws IOException {
        super.reset();
        parts.clear();
    }

    private void split(char[] word, int length) {
        int start = 0;
        for (int i = 0; i <= length; i++) {
            boolean separated = i == length || !Character.isLetterOrDigit(word[i]);
            boolean humped =
                    !separated
                            && i > start
                            && Character.isUpperCase(word[i])
                            && Character.isLowerCase(word[i - 1]);
            if (separated || humped) {
                boolean isPart = i > start && (start > 0 || i < length);
                if (isPart && hasLetter(word, start, i)) {
                    parts.add(new String(word, start, i - start));
                }
                start = separated ? i + 1 : i;
            }
        }
    }

    private static boolean hasLetter(char[] word, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Character.isLetter(word[i])) {
                return true;
            }
        }
        return false;
    }
}

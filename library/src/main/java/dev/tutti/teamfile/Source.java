package dev.tutti.teamfile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The text of a file and its lines. Offsets count characters (UTF-16 units).
final class Source {
    private final String text;
    private final List<Integer> starts = new ArrayList<>();

    /// The numbers of the code points that take two characters.
    private final List<Integer> wide = new ArrayList<>();

    Source(String text) {
        this.text = text;
        starts.add(0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n'
                    || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
                starts.add(i + 1);
            }
            if (Character.isLowSurrogate(c)
                    && i > 0
                    && Character.isHighSurrogate(text.charAt(i - 1))) {
                wide.add(i - 1 - wide.size());
            }
        }
    }

    String text() {
        return text;
    }

    /// The offset of the code point with this number.
    int offset(int codePoint) {
        int before = Collections.binarySearch(wide, codePoint);
        return Math.min(codePoint + (before < 0 ? -before - 1 : before), text.length());
    }

    /// The line, from 0, that an offset lies in.
    int line(int offset) {
        int low = 0;
        int high = starts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts.get(middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    int lineStart(int line) {
        return starts.get(line);
    }

    /// The end of a line, before the characters that end it.
    int lineEnd(int line) {
        int end = line + 1 < starts.size() ? starts.get(line + 1) : text.length();
        while (end > starts.get(line) && "\r\n".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return end;
    }

    /// The place of the characters `from` to `to`, cut at the end of the line.
    Place place(int from, int to) {
        int line = line(from);
        int start = lineStart(line);
        int end = lineEnd(line);
        int last = Math.max(from, Math.min(to, end));
        return new Place(
                line + 1,
                text.codePointCount(start, Math.max(start, Math.min(from, text.length()))) + 1,
                Math.max(1, text.codePointCount(from, last)),
                text.substring(start, end));
    }
}

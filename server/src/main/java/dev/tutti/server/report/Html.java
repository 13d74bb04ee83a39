package dev.tutti.server.report;

import dev.tutti.view.Printable;
import java.util.Locale;

/// HTML being written. Text goes in by [#text], which escapes it; only our own markup goes in as it
/// is.
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 16);

    /// Our own markup.
    Html markup(String markup) {
        out.append(markup);
        return this;
    }

    /// Our own markup with escaped texts in place of each `{}`.
    Html markup(String markup, Object... texts) {
        int from = 0;
        for (var text : texts) {
            int at = markup.indexOf("{}", from);
            out.append(markup, from, at).append(escape(String.valueOf(text)));
            from = at + 2;
        }
        out.append(markup, from, markup.length());
        return this;
    }

    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    static String escape(String text) {
        var shown = Printable.lines(text);
        var escaped = new StringBuilder(shown.length() + 32);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /// A coordinate of a drawing.
    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

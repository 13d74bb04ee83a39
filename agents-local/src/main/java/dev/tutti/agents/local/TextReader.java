package dev.tutti.agents.local;

import dev.tutti.agents.local.Document.Kind;
import dev.tutti.agents.local.Document.Line;
import dev.tutti.agents.local.Document.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads Markdown and plain text into lines: tells headings, list items and code from prose.
final class TextReader {
    private static final Pattern ATX = Pattern.compile("\\s{0,3}(#{1,6})\\s+(.+?)\\s*#*\\s*");
    private static final Pattern UNDERLINE = Pattern.compile("\\s{0,3}(={3,}|-{3,})\\s*");
    private static final Pattern NUMBERED =
            Pattern.compile("\\d{1,2}(?:\\.\\d{1,2}){0,4}\\.?\\s+\\p{Lu}[^.!?;]*");
    private static final Pattern ITEM =
            Pattern.compile("\\s*(?:[-*+•‣▪◦]|\\(?\\d{1,3}[.)])\\s+(?=\\S)(.*)");
    private static final Pattern FENCE = Pattern.compile("\\s{0,3}(?:```|~~~).*");
    private static final Pattern QUOTE = Pattern.compile("\\s{0,3}>\\s?");
    private static final int LONGEST_HEADING = 90;

    private final List<Line> lines = new ArrayList<>();
    private @Nullable String title;
    private boolean inCode;

    private TextReader() {}

    static Document read(String text, String fileName) {
        var reader = new TextReader();
        var raw = text.lines().toList();
        int first = reader.frontMatter(raw);
        for (int i = first; i < raw.size(); i++) {
            reader.add(raw.get(i), i + 1);
        }
        var title = reader.title;
        return new Document(title == null ? reader.titleOr(fileName) : title, reader.lines);
    }

    /// The lines of a text that has no title of its own.
    static List<Line> lines(String text) {
        var reader = new TextReader();
        reader.title = "";
        var raw = text.lines().toList();
        for (int i = 0; i < raw.size(); i++) {
            reader.add(raw.get(i), i + 1);
        }
        return reader.lines;
    }

    /// Passes over a YAML header and keeps the title it gives.
    private int frontMatter(List<String> raw) {
        if (raw.isEmpty() || !raw.getFirst().equals("---")) {
            return 0;
        }
        for (int i = 1; i < Math.min(raw.size(), 60); i++) {
            var line = raw.get(i);
            if (line.equals("---")) {
                return i + 1;
            }
            if (line.startsWith("title:")) {
                title = line.substring("title:".length()).strip().replaceAll("^[\"']|[\"']$", "");
            }
        }
        title = null;
        return 0;
    }

    private void add(String raw, int number) {
        char mark = firstMark(raw);
        if ((mark == '`' || mark == '~') && FENCE.matcher(raw).matches()) {
            inCode = !inCode;
        } else if (inCode || mark == '|') {
            put(raw, Kind.CODE, number);
        } else if (mark == '#') {
            atx(raw, number);
        } else if ((mark == '=' || mark == '-') && UNDERLINE.matcher(raw).matches()) {
            underline(mark);
        } else {
            prose(raw, mark, number);
        }
    }

    /// The first character that is not a blank; 0 where there is none.
    private static char firstMark(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            if (!Character.isWhitespace(raw.charAt(i))) {
                return raw.charAt(i);
            }
        }
        return 0;
    }

    private void atx(String raw, int number) {
        var atx = ATX.matcher(raw);
        if (atx.matches()) {
            heading(atx.group(2), atx.group(1).length(), number);
        } else {
            put(raw.strip(), Kind.TEXT, number);
        }
    }

    private void prose(String raw, char mark, int number) {
        var text = (mark == '>' ? QUOTE.matcher(raw).replaceFirst("") : raw).strip();
        boolean plain = mark == 0 || Character.isLetter(mark);
        if (plain) {
            put(text, Kind.TEXT, number);
            return;
        }
        var item = ITEM.matcher(text);
        if (text.length() <= LONGEST_HEADING && NUMBERED.matcher(text).matches()) {
            put(text, Kind.HEADING, number);
        } else if (item.matches()) {
            put(item.group(1), Kind.ITEM, number);
        } else {
            put(text, Kind.TEXT, number);
        }
    }

    private void heading(String text, int level, int number) {
        if (level == 1 && title == null) {
            title = Markup.plain(text);
        } else {
            put(text, Kind.HEADING, number);
        }
    }

    /// A rule below a short line makes a heading of it.
    private void underline(char rule) {
        if (lines.isEmpty()) {
            return;
        }
        var above = lines.getLast();
        boolean headed = lines.size() < 2 || lines.get(lines.size() - 2).isBlank();
        if (above.isBlank() || above.text().length() > LONGEST_HEADING || !headed) {
            return;
        }
        lines.removeLast();
        heading(above.text(), rule == '=' ? 1 : 2, above.number());
    }

    private void put(String text, Kind kind, int number) {
        var plain = kind == Kind.CODE ? text : Markup.plain(text);
        lines.add(new Line(plain, kind, number, Unit.LINE));
    }

    /// The first line, where it stands alone and is short, or else the name of the file.
    private String titleOr(String fileName) {
        int first = 0;
        while (first < lines.size() && lines.get(first).isBlank()) {
            first++;
        }
        if (first + 1 < lines.size()
                && lines.get(first + 1).isBlank()
                && lines.get(first).kind() != Kind.CODE
                && lines.get(first).text().length() <= LONGEST_HEADING) {
            return lines.remove(first).text();
        }
        return Documents.nameWithoutEnding(fileName);
    }
}

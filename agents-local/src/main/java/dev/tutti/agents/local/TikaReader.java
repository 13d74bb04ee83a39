package dev.tutti.agents.local;

import dev.tutti.agents.local.Document.Kind;
import dev.tutti.agents.local.Document.Line;
import dev.tutti.agents.local.Document.Unit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.html.HtmlMapper;
import org.apache.tika.parser.html.IdentityHtmlMapper;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// Reads HTML and PDF with Apache Tika. Tika gives both as XHTML; its blocks become lines.
final class TikaReader {
    private static final Set<String> PASSED_OVER =
            Set.of("head", "script", "style", "nav", "header", "footer", "aside", "noscript");
    private static final Set<String> HEADINGS = Set.of("h1", "h2", "h3", "h4", "h5", "h6");
    private static final Set<String> BLOCKS =
            Set.of(
                    "p",
                    "div",
                    "li",
                    "dt",
                    "dd",
                    "pre",
                    "table",
                    "tr",
                    "ul",
                    "ol",
                    "dl",
                    "section",
                    "article",
                    "main",
                    "blockquote",
                    "br",
                    "hr",
                    "body",
                    "figcaption",
                    "form");

    private TikaReader() {}

    static Document html(byte[] content, String source) throws IOException {
        var context = new ParseContext();
        context.set(HtmlMapper.class, IdentityHtmlMapper.INSTANCE);
        return read(new JSoupParser(), content, source, new Lines(false), context);
    }

    static Document pdf(byte[] content, String source) throws IOException {
        return read(new PDFParser(), content, source, new Lines(true), new ParseContext());
    }

    private static Document read(
            Parser parser, byte[] content, String source, Lines lines, ParseContext context)
            throws IOException {
        var metadata = new Metadata();
        try {
            parser.parse(new ByteArrayInputStream(content), lines, metadata, context);
        } catch (TooLong kept) {
            // What was read until then is the document.
        } catch (SAXException | TikaException refused) {
            throw new IOException(source + " cannot be read: " + refused.getMessage(), refused);
        }
        lines.endLine();
        var title = metadata.get(TikaCoreProperties.TITLE);
        return new Document(
                title == null || title.isBlank()
                        ? lines.titleOr(Documents.nameWithoutEnding(source))
                        : title.strip(),
                lines.lines);
    }

    /// Ends the parsing of a text that is too long.
    private static final class TooLong extends SAXException {
        private static final long serialVersionUID = 1;
    }

    private static final class Lines extends DefaultHandler {
        private final boolean paged;
        private final List<Line> lines = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private Kind kind = Kind.TEXT;
        private int passedOver;
        private int preformatted;
        private int page;
        private int paragraph;
        private long length;

        Lines(boolean paged) {
            this.paged = paged;
        }

        @Override
        public void startElement(String uri, String local, String name, Attributes attributes) {
            var element = local.toLowerCase(Locale.ROOT);
            if (PASSED_OVER.contains(element)) {
                passedOver++;
            }
            if (element.equals("pre")) {
                preformatted++;
            }
            if (paged && "page".equals(attributes.getValue("class"))) {
                page++;
            }
            if (HEADINGS.contains(element)) {
                endLine();
                kind = Kind.HEADING;
            } else if (BLOCKS.contains(element)) {
                endLine();
                kind = element.equals("li") ? Kind.ITEM : kind;
            } else if (element.equals("td") || element.equals("th")) {
                text.append(' ');
            }
        }

        @Override
        public void endElement(String uri, String local, String name) {
            var element = local.toLowerCase(Locale.ROOT);
            if (HEADINGS.contains(element) || BLOCKS.contains(element)) {
                endLine();
                blankAfter();
            }
            if (PASSED_OVER.contains(element)) {
                passedOver--;
            }
            if (element.equals("pre")) {
                preformatted--;
            }
        }

        @Override
        public void characters(char[] chars, int start, int count) throws SAXException {
            if (passedOver > 0) {
                return;
            }
            length += count;
            if (length > Documents.LONGEST_TEXT) {
                throw new TooLong();
            }
            if (preformatted == 0 && !paged) {
                text.append(new String(chars, start, count).replaceAll("\\s+", " "));
                return;
            }
            for (int i = start; i < start + count; i++) {
                if (chars[i] == '\n') {
                    endLine();
                } else {
                    text.append(chars[i]);
                }
            }
        }

        @Override
        public void ignorableWhitespace(char[] chars, int start, int count) throws SAXException {
            characters(chars, start, count);
        }

        private void endLine() {
            var line = preformatted > 0 ? text.toString() : text.toString().strip();
            text.setLength(0);
            if (!line.isBlank()) {
                paragraph++;
                lines.add(
                        new Line(
                                line,
                                preformatted > 0 ? Kind.CODE : kind,
                                paged ? Math.max(page, 1) : paragraph,
                                paged ? Unit.PAGE : Unit.PARAGRAPH));
            }
            kind = Kind.TEXT;
        }

        private void blankAfter() {
            if (!lines.isEmpty() && !lines.getLast().isBlank()) {
                var last = lines.getLast();
                lines.add(new Line("", Kind.TEXT, last.number(), last.unit()));
            }
        }

        /// The first heading, or else `fileName`.
        private String titleOr(String fileName) {
            for (var line : lines) {
                if (line.kind() == Kind.HEADING) {
                    return line.text();
                }
            }
            return fileName;
        }
    }
}

package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;

class DocumentsTest {

    @Test
    void html_is_read_without_menus_scripts_and_tags() throws IOException {
        var passages =
                passages(
                        "page.html",
                        """
                        <html><head><title>Locks</title><script>var x = 1;</script></head><body>
                        <nav><a href="/">Home</a></nav>
                        <h2>Shared locks</h2>
                        <p>Many readers may hold a <b>shared</b>
                        lock.</p><ul><li>None may write.</li></ul>
                        </body></html>
                        """);

        assertThat(passages)
                .containsExactly(
                        new Passage(
                                "Shared locks",
                                "Many readers may hold a shared lock.\nNone may write.",
                                0,
                                "Shared locks"));
    }

    @Test
    void the_title_of_an_html_page_is_its_title() throws IOException {
        assertThat(
                        read(
                                        "page.html",
                                        "<title>Locks</title><p>Text.</p>"
                                                .getBytes(StandardCharsets.UTF_8))
                                .title())
                .isEqualTo("Locks");
    }

    @Test
    void pdf_is_read_with_its_pages() throws IOException {
        var document = read("paper.pdf", pdf("Pages are written twice.", "Then they are synced."));

        var passages = Passages.split(document, _ -> false);
        assertThat(passages).hasSize(1);
        assertThat(passages.getFirst().text())
                .isEqualTo("Pages are written twice.\nThen they are synced.");
        assertThat(passages.getFirst().place()).isEqualTo("pages 1-2");
    }

    @Test
    void markdown_loses_its_marks_but_not_its_words() throws IOException {
        var passages =
                passages(
                        "a.md",
                        """
                        # Title

                        Use **bold** words, `code`, a [link](https://example.org) and
                        names such as wal_autocheckpoint or sqlite3_*.

                        - first item
                        """);

        assertThat(passages.getFirst().text())
                .isEqualTo(
                        "Use bold words, code, a link and names such as wal_autocheckpoint or"
                                + " sqlite3_*.\nfirst item");
        assertThat(passages.getFirst().place()).isEqualTo("lines 3-6");
    }

    @Test
    void text_in_an_older_encoding_is_read() throws IOException {
        var document = read("a.txt", "Überfluß\n".getBytes(Charset.forName("windows-1252")));

        assertThat(document.lines().getFirst().text()).isEqualTo("Überfluß");
    }

    @Test
    void bytes_that_are_not_text_are_no_document() throws IOException {
        assertThat(Documents.read(file("a.bin"), new byte[] {0, 1, 2})).isEmpty();
    }

    @Test
    void long_sections_are_split_at_paragraphs_and_short_ones_kept_together() throws IOException {
        var sentence = "This sentence of ten words is here to fill space. ";
        var text =
                "# T\n\n## Long\n\n"
                        + (sentence.repeat(8).strip() + "\n\n").repeat(4)
                        + "## A\n\nShort one.\n\n## B\n\nShort two.\n";

        var passages = passages("a.md", text);

        assertThat(passages).extracting(Passage::heading).containsExactly("Long", "Long", "A");
        assertThat(passages.getLast().text()).isEqualTo("Short one.\nB\nShort two.");
    }

    @Test
    void lines_that_most_documents_share_are_boilerplate() throws IOException {
        var pages =
                IntStream.range(0, 10)
                        .mapToObj(
                                i -> "Home\n\nAll rights reserved.\n\nText " + i + " is unique.\n")
                        .map(text -> TextReader.read(text, "a.txt"))
                        .toList();

        assertThat(Boilerplate.of(pages).contains("All rights reserved.")).isTrue();
        assertThat(Boilerplate.of(pages).contains("Text 3 is unique.")).isFalse();
        assertThat(Boilerplate.of(pages.subList(0, 5))).isEqualTo(Boilerplate.NONE);
    }

    private static List<Passage> passages(String name, String text) throws IOException {
        return Passages.split(read(name, text.getBytes(StandardCharsets.UTF_8)), _ -> false);
    }

    private static Document read(String name, byte[] content) throws IOException {
        return Documents.read(file(name), content).orElseThrow();
    }

    private static SourceFile file(String name) {
        return new SourceFile(Path.of(name), name, 0, 0);
    }

    private static byte[] pdf(String... pages) throws IOException {
        try (var document = new PDDocument()) {
            for (var text : pages) {
                var page = new PDPage();
                document.addPage(page);
                try (var content = new PDPageContentStream(document, page)) {
                    content.beginText();
                    content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                    content.newLineAtOffset(72, 700);
                    content.showText(text);
                    content.endText();
                }
            }
            var bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }
}

package dev.tutti.agents.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads files into documents, each by its kind.
final class Documents {
    /// The characters of one document that are read; the rest is left out.
    static final int LONGEST_TEXT = 8_000_000;

    private static final int LOOKED_AT = 8192;
    private static final Charset LATIN = Charset.forName("windows-1252");

    private Documents() {}

    /// The document in these bytes of the file, or nothing where they are not text.
    ///
    /// @throws IOException when the file says it is of a kind that it cannot be read as
    static Optional<Document> read(SourceFile file, byte[] content) throws IOException {
        return switch (file.extension()) {
            case "pdf" -> Optional.of(TikaReader.pdf(content, file.source()));
            case "html", "htm", "xhtml" -> Optional.of(TikaReader.html(content, file.source()));
            default -> {
                if (startsWith(content, "%PDF-")) {
                    yield Optional.of(TikaReader.pdf(content, file.source()));
                }
                yield isText(content)
                        ? Optional.of(TextReader.read(decode(content), file.source()))
                        : Optional.empty();
            }
        };
    }

    static String nameWithoutEnding(String source) {
        var name = source.substring(source.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static boolean isText(byte[] content) {
        for (int i = 0; i < Math.min(content.length, LOOKED_AT); i++) {
            int c = content[i] & 0xFF;
            if (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B) {
                return false;
            }
        }
        return true;
    }

    private static String decode(byte[] content) {
        String text;
        try {
            text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(content))
                            .toString();
        } catch (CharacterCodingException notUtf8) {
            text = new String(content, LATIN);
        }
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }

    private static boolean startsWith(byte[] content, String start) {
        return content.length >= start.length()
                && new String(content, 0, start.length(), StandardCharsets.ISO_8859_1)
                        .equals(start);
    }
}

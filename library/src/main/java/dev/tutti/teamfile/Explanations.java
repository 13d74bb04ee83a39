package dev.tutti.teamfile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// What every code of a fault means, for `tutti explain CODE`.
public final class Explanations {
    private static final String FILE = "/dev/tutti/explanations.txt";
    private static final SequencedMap<String, Explanation> ALL = read();

    private Explanations() {}

    /// One code explained.
    ///
    /// @param cause why this is a fault
    /// @param example what is wrong, as one would meet it
    /// @param mend the same as it should be, or what to do
    public record Explanation(
            String code, String title, String cause, String example, String mend) {

        /// All of it for people, several lines.
        public String text() {
            return """
            %s: %s

            %s

            Wrong:
            %s
            Right:
            %s\
            """
                    .formatted(code, title, cause, indented(example), indented(mend));
        }

        private static String indented(String text) {
            return text.indent(4);
        }
    }

    /// The explanation of a code, in whichever case it is written.
    public static Optional<Explanation> of(String code) {
        return Optional.ofNullable(ALL.get(code.strip().toUpperCase(Locale.ROOT)));
    }

    /// Every code there is.
    public static SequencedSet<String> codes() {
        return ALL.sequencedKeySet();
    }

    private static SequencedMap<String, Explanation> read() {
        try (var in = Objects.requireNonNull(Explanations.class.getResourceAsStream(FILE), FILE)) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            var all = new LinkedHashMap<String, Explanation>();
            for (var part : text.split("(?m)^== ", -1)) {
                if (!part.isBlank()) {
                    var explanation = explanation(part);
                    all.put(explanation.code(), explanation);
                }
            }
            return Collections.unmodifiableSequencedMap(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Explanation explanation(String part) {
        int end = part.indexOf('\n');
        int space = part.indexOf(' ');
        int example = part.indexOf("\n-- example\n");
        int mend = part.indexOf("\n-- mend\n");
        return new Explanation(
                part.substring(0, space),
                part.substring(space + 1, end).strip(),
                part.substring(end + 1, example).strip(),
                part.substring(example + "\n-- example\n".length(), mend).strip(),
                part.substring(mend + "\n-- mend\n".length()).strip());
    }
}

package dev.tutti.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The colours of the dashboard, computed from its style sheet: who sees colours in another way
/// still tells the states apart, and text can be read.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PaletteTest {
    private static final Path TOKENS = Path.of("src/main/web/src/style/tokens.css");
    private static final Pattern COLOUR = Pattern.compile("--([a-z0-9-]+): (#[0-9a-f]{6});");
    private static final int STATES = 10;

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void any_two_states_differ_for_everybody(String theme) throws IOException {
        var states =
                colours(theme).entrySet().stream()
                        .filter(colour -> colour.getKey().startsWith("s-"))
                        .toList();
        assertThat(states).hasSize(STATES);
        var alike = new ArrayList<String>();
        for (int i = 0; i < states.size(); i++) {
            for (int j = i + 1; j < states.size(); j++) {
                var one = states.get(i);
                var other = states.get(j);
                for (var eyes : Colour.Eyes.values()) {
                    double least = eyes == Colour.Eyes.USUAL ? 15 : 8;
                    double apart = one.getValue().difference(other.getValue(), eyes);
                    if (apart < least) {
                        alike.add(
                                "%s and %s: %.1f for %s"
                                        .formatted(one.getKey(), other.getKey(), apart, eyes));
                    }
                }
            }
        }
        assertThat(alike).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void texts_and_marks_stand_out_from_what_they_are_on(String theme) throws IOException {
        var colours = colours(theme);
        var faint = new ArrayList<String>();
        var grounds = List.of("bg", "surface", "sunken", "hover");
        for (var text :
                List.of(
                        "ink",
                        "ink-2",
                        "ink-3",
                        "t-failed",
                        "t-waiting",
                        "t-succeeded",
                        "danger")) {
            check(
                    colours,
                    text,
                    text.equals("ink-3") ? List.of("bg", "surface", "sunken") : grounds,
                    4.5,
                    faint);
        }
        check(colours, "t-failed", List.of("w-failed"), 4.5, faint);
        check(colours, "t-waiting", List.of("w-waiting"), 4.5, faint);
        check(colours, "ink-2", List.of("w-failed", "w-waiting", "w-past", "selected"), 4.5, faint);
        check(colours, "on-strong", List.of("strong"), 4.5, faint);
        colours.keySet().stream()
                .filter(name -> name.startsWith("s-"))
                .forEach(mark -> check(colours, mark, List.of("bg", "surface"), 3, faint));
        assertThat(faint).isEmpty();
    }

    private static void check(
            Map<String, Colour> colours,
            String front,
            List<String> grounds,
            double least,
            List<String> faint) {
        for (var ground : grounds) {
            double contrast = colour(colours, front).contrast(colour(colours, ground));
            if (contrast < least) {
                faint.add("%s on %s: %.2f".formatted(front, ground, contrast));
            }
        }
    }

    private static Colour colour(Map<String, Colour> colours, String name) {
        var colour = colours.get(name);
        if (colour == null) {
            throw new AssertionError("no colour --" + name + " in " + TOKENS);
        }
        return colour;
    }

    /// The colours of a theme by name.
    private static Map<String, Colour> colours(String theme) throws IOException {
        var css = Files.readString(TOKENS);
        int dark = css.indexOf(":root[data-theme=\"dark\"]");
        var part = theme.equals("dark") ? css.substring(dark) : css.substring(0, dark);
        var colours = new LinkedHashMap<String, Colour>();
        var found = COLOUR.matcher(part);
        while (found.find()) {
            colours.put(found.group(1), Colour.of(found.group(2)));
        }
        return colours;
    }
}

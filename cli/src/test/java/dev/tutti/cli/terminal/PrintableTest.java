package dev.tutti.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.view.Printable;
import dev.tutti.view.Width;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @Test
    void what_would_move_the_cursor_is_shown_as_an_escape() {
        assertThat(Printable.line("a\u001b[2Jb\u0007\n\r\tc\u202ed\u009b"))
                .isEqualTo("a\\x1b[2Jb\\x07\\n\\r\\tc\\u202ed\\x9b");
        assertThat(Printable.lines("a\r\nb\tc\rd")).isEqualTo("a\nb    c\\rd");
        assertThat(Printable.line("é 漢 🙂")).isEqualTo("é 漢 🙂");
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef, 6, abcdef",
        "abcdef, 5, abcd…",
        "漢字漢字, 5, 漢字…",
        "漢字, 4, 漢字",
        "e\u0301e\u0301, 2, e\u0301e\u0301",
        "🙂🙂🙂, 3, 🙂…"
    })
    void text_is_cut_by_the_columns_it_takes(String text, int most, String cut) {
        assertThat(Width.cut(text, most)).isEqualTo(cut);
        assertThat(Width.of(cut)).isLessThanOrEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource({
        "en_US.UTF-8, '', '', true",
        "C, '', '', false",
        "en_US.UTF-8, C, '', false",
        "C, '', C.utf8, true",
        "'', '', '', false"
    })
    void the_locale_says_which_characters_there_are(
            String lang, String all, String ctype, boolean unicode) {
        assertThat(Streams.unicode(Map.of("LANG", lang, "LC_ALL", all, "LC_CTYPE", ctype)))
                .isEqualTo(unicode);
    }

    @Test
    void the_environment_can_ask_for_plain_lines_and_no_colour() {
        assertThat(Streams.still(Map.of("TUTTI_PLAIN", "1"))).isTrue();
        assertThat(Streams.still(Map.of("TUTTI_PLAIN", "0"))).isFalse();
        assertThat(Streams.still(Map.of("TERM", "dumb"))).isTrue();
        assertThat(Streams.colourless(Map.of("NO_COLOR", ""))).isFalse();
        assertThat(Streams.colourless(Map.of("NO_COLOR", "1"))).isTrue();
    }

    @Test
    void the_size_of_a_terminal_is_read_as_stty_prints_it() {
        assertThat(Streams.size("24 80\n")).contains(new Screen.Size(80, 24));
        assertThat(Streams.size("0 0\n")).isEmpty();
        assertThat(Streams.size("nothing")).isEmpty();
    }
}

package dev.tutti.simulation.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Two bugs are hunted in every build; `-Ddrill=all` hunts all of them, as `./tutti-sim drill`
/// does.
class DrillTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int MOST_SEEDS = 100;

    static Stream<Patch> all() throws IOException {
        return Drill.patches(HOME).stream();
    }

    private static Patch named(String name) throws IOException {
        return all().filter(patch -> patch.name().equals(name)).findFirst().orElseThrow();
    }

    private static Drill drill(String ignored) {
        return new Drill(HOME, Drill.ownClassPath(), MOST_SEEDS, ignored);
    }

    @Test
    void there_are_at_least_twelve_bugs_and_each_still_fits_the_sources() throws IOException {
        var patches = all().toList();

        assertThat(patches).hasSizeGreaterThanOrEqualTo(12);
        for (var patch : patches) {
            assertThat(patch.apply(HOME)).as(patch.name()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-place-too-many", "forget-the-dedup"})
    void a_known_bug_is_found_by_the_invariant_that_should(String name) throws IOException {
        var patch = named(name);
        var finding = drill("").hunt(patch, 1);

        assertThat(finding.found()).as("%s", finding).isTrue();
        assertThat(finding.by().keySet())
                .as(finding.first())
                .containsAnyElementsOf(patch.foundBy());
    }

    @Test
    void a_bug_that_one_invariant_alone_finds_is_missed_without_it() throws IOException {
        var drill = new Drill(HOME, Drill.ownClassPath(), 10, "I12");

        assertThat(drill.hunt(named("a-place-too-many"), 1).found()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("all")
    @EnabledIfSystemProperty(named = "drill", matches = "all")
    void every_known_bug_is_found(Patch patch) throws IOException {
        var finding = new Drill(HOME, Drill.ownClassPath(), 200, "").hunt(patch, 1);

        assertThat(finding.by().keySet())
                .as("%s: %s", patch.bug(), finding.first())
                .containsAnyElementsOf(patch.foundBy());
    }

    @Test
    void a_patch_whose_lines_are_gone_says_so() {
        var patch =
                Patch.read(
                        "rotten",
                        List.of(
                                "bug: none",
                                "found by: I1",
                                "--- a/pom.xml",
                                "+++ b/pom.xml",
                                "@@ -1 +1 @@",
                                "-a line that is not there",
                                "+another"));

        assertThatThrownBy(() -> patch.apply(HOME))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rotten does not fit pom.xml");
    }
}

package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a hostile or careless author may write; numbers are those of the list of bad inputs.
@Timeout(30)
class BadInputsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// What reading cost.
    private record Cost(TeamFile file, Duration time, long bytes) {}

    /// The cheapest of a few readings: classes are loaded, and the machine is shared.
    private static Cost read(String text) {
        var best = once(text);
        for (int i = 0; i < 5; i++) {
            var cost = once(text);
            if (cost.time().compareTo(best.time()) < 0) {
                best = cost;
            }
        }
        return best;
    }

    private static Cost once(String text) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        var file = TeamFile.parse(text, "team.yaml");
        return new Cost(
                file,
                Duration.ofNanos(System.nanoTime() - start),
                THREADS.getCurrentThreadAllocatedBytes() - bytes);
    }

    private static List<String> codes(String text) {
        return TeamFile.parse(text, "team.yaml").faults().stream().map(Fault::code).toList();
    }

    private static String settings(String value) {
        return "tutti: 1\nagents: { a: { uses: simulated, with: { x: " + value + " } } }\n";
    }

    @Test
    void b1_billion_laughs_are_refused_quickly_and_cheaply() {
        var text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i <= 9; i++) {
            var alias = "*a" + (i - 1);
            text.append(
                    "a%d: &a%d [%s]%n"
                            .formatted(i, i, String.join(", ", Collections.nCopies(9, alias))));
        }
        var cost = read(text.toString());
        assertThat(cost.file().faults()).extracting(Fault::code).containsExactly("E-YAML-02");
        assertThat(cost.time()).isLessThan(Duration.ofMillis(100));
        assertThat(cost.bytes()).isLessThan(10 << 20);
        System.out.println(
                "measured: billion laughs refused in "
                        + cost.time().toNanos() / 1000
                        + " us, "
                        + cost.bytes() / 1024
                        + " KiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &a [*a]",
                "a: &a { b: { c: *a } }",
                "a: *nothing",
                "a: &a { x: 1 }\nb: { <<: *a }",
                "? [a, b]\n: c",
                "a: !!set { x }",
                "a: !!java.net.URL [\"http://example.com\"]",
                "!!javax.script.ScriptEngineManager [x]"
            })
    void b3_merge_keys_self_reference_tags_and_odd_keys_are_refused(String text) {
        assertThat(codes(text)).isNotEmpty().first().asString().matches("E-YAML-0[35]");
    }

    @Test
    void b5_duplicate_keys_are_refused() {
        assertThat(codes("{\"tutti\": 1, \"tutti\": 1}")).containsExactly("E-YAML-04");
    }

    @Test
    void b7_a_chain_of_ten_thousand_tasks_is_accepted() {
        var text =
                new StringBuilder(
                        "tutti: 1\nagents: { a: { skills: [s], uses: simulated } }\nworkflows:\n  w:\n    tasks:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("      t").append(i).append("x: { skill: s");
            if (i > 0) {
                text.append(", input: { v: \"${t").append(i - 1).append("x.v}\" }");
            }
            text.append(" }\n");
        }
        var cost = once(text.toString());
        assertThat(cost.file().team()).isPresent();
        System.out.println(
                "measured: team file of 10,000 tasks in a chain read in "
                        + cost.time().toMillis()
                        + " ms, "
                        + (cost.bytes() >> 20)
                        + " MiB allocated");
        text.append("      more: { skill: s }\n");
        assertThat(codes(text.toString())).containsExactly("E-PLAN-03");
    }

    @Test
    void b7_deep_nesting_is_refused() {
        assertThat(codes("a: " + "[".repeat(100_000))).containsExactly("E-YAML-02");
        assertThat(codes("a: " + "{b: ".repeat(5_000))).containsExactly("E-YAML-02");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "-0",
                "1E400",
                "-1e400",
                ".inf",
                ".NaN",
                "1e-999999999",
                "-0.0",
                "18446744073709551616"
            })
    void b11_numbers_that_no_value_can_hold_are_refused(String number) {
        assertThat(codes(settings(number))).containsExactly("E-YAML-06");
    }

    @Test
    void b11_a_number_of_a_million_digits_is_refused_without_being_computed() {
        var text = settings("1".repeat(1_000_000));
        assertThat(codes(text)).containsExactly("E-YAML-06");
        var root = Objects.requireNonNull(Yaml.read(new Source(text)).root());
        var best = Duration.ofDays(1);
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            new CoreSchema((_, _, _) -> {}).value(root);
            var time = Duration.ofNanos(System.nanoTime() - start);
            best = time.compareTo(best) < 0 ? time : best;
        }
        assertThat(best).isLessThan(Duration.ofMillis(50));
    }

    @Test
    void b13_a_byte_order_mark_is_skipped_and_what_follows_the_document_is_refused() {
        assertThat(codes("\uFEFFtutti: 1\n")).isEmpty();
        assertThat(codes("{tutti: 1}{}")).containsExactly("E-YAML-01");
        assertThat(codes("tutti: 1\n---\ntutti: 1\n")).containsExactly("E-YAML-01");
        assertThat(codes("")).containsExactly("E-SHAPE-01");
        assertThat(codes("[]")).containsExactly("E-SHAPE-01");
        assertThat(codes("tutti: 1\0")).containsExactly("E-YAML-01");
    }

    @Test
    void b15_a_lone_surrogate_becomes_the_replacement_character_or_is_refused() {
        var file = TeamFile.parse(settings("\"\\ud800x\""), "team.yaml");
        if (file.team().isPresent()) {
            assertThat(file.team().get().agents().getFirst().settings().get("x"))
                    .isEqualTo(Value.text("\uFFFDx"));
        } else {
            assertThat(file.faults()).extracting(Fault::code).containsExactly("E-YAML-01");
        }
        assertThat(codes(settings("\"\ud800x\""))).hasSizeLessThan(2);
    }

    @Test
    void b19_cycles_are_listed() {
        assertThat(
                        TeamFile.parse(
                                        """
                                        tutti: 1
                                        agents: { r: { skills: [s], uses: simulated } }
                                        workflows: { w: { tasks: { a: { skill: s, after: b }, b: { skill: s, after: a }, c: { skill: s, after: c } } } }
                                        """,
                                        "team.yaml")
                                .faults())
                .extracting(Fault::message)
                .containsExactly(
                        "these tasks wait for each other: a -> b -> a",
                        "task `c` waits for itself");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "\"a \"",
                "а",
                "a-b",
                "é",
                "\"\"",
                "\"a\\0\"",
                "1a",
                "\u212Aelvin",
                "a\u200b"
            })
    void b21_names_that_look_like_others_are_refused(String name) {
        assertThat(codes("tutti: 1\nagents: { a: { uses: x }, " + name + ": { uses: x } }"))
                .containsExactly("E-NAME-02");
    }

    @Test
    void b21_exact_duplicates_are_refused_and_lookalikes_warned_of() {
        assertThat(codes("tutti: 1\nagents: { a: { uses: x }, a: { uses: x } }"))
                .containsExactly("E-YAML-04");
        assertThat(
                        codes(
                                "tutti: 1\nagents: { al: { uses: x }, a1: { uses: x }, a_l: { uses: x } }"))
                .containsExactly("W-NAME-01", "W-NAME-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1000001", "9223372036854775807", "1e30", "\"1,000\"", "[1]"})
    void b23_b25_limits_of_a_fan_out_are_kept(String max) {
        assertThat(
                        codes(
                                "tutti: 1\nagents: { r: { skills: [s], uses: simulated } }\nworkflows: { w: { input: { l: [any] }, tasks: { a: { skill: s, each: \"${input.l}\", max: "
                                        + max
                                        + " } } } }"))
                .singleElement()
                .asString()
                .matches("E-NUM-01|E-SHAPE-01");
    }

    @Test
    void b23_a_budget_is_an_exact_amount_of_dollars() {
        for (var budget : List.of("-1", "1e-30", "1e30", "9223372036854775808", "\"1,000\"")) {
            assertThat(
                            codes(
                                    "tutti: 1\nworkflows: { w: { tasks: {}, budget: { usd: "
                                            + budget
                                            + " } } }"))
                    .as(budget)
                    .containsAnyOf("E-SHAPE-01", "E-YAML-06");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "0s",
                "-1s",
                "1ns",
                "1000000000000000000s",
                "PT-5S",
                "P1000000Y",
                "999999999d",
                "1.5s",
                "1 s",
                "1s..2s",
                "\"\"",
                "1e9s",
                "٣s",
                "true",
                "[1s]"
            })
    void b27_times_are_refused_not_wrapped(String time) {
        assertThat(codes("tutti: 1\nagents: { a: { uses: x, limits: { timeout: " + time + " } } }"))
                .singleElement()
                .asString()
                .matches("E-TIME-01|E-SHAPE-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ $ref: \"http://127.0.0.1:1/x\" }",
                "{ $ref: \"file:///etc/passwd\" }",
                "{ $schema: x, type: object, properties: { a: { $ref: \"//x\" } } }",
                "{ $ref: \"#/nowhere\" }",
                "{ $ref: \"#/$defs/a\", $defs: { a: { $ref: \"other.json\" } } }"
            })
    void b35_schemas_fetch_nothing(String schema) {
        assertThat(codes("tutti: 1\nskills: { s: { input: " + schema + " } }"))
                .containsExactly("E-SCHEMA-01");
    }

    @Test
    void b35_recursive_schemas_and_patterns_end() {
        assertThat(codes("tutti: 1\nskills: { s: { input: { $ref: \"#\" } } }")).isEmpty();
        assertThat(
                        codes(
                                "tutti: 1\nskills: { s: { input: { type: object, properties: { a: { type: string, pattern: \"(a+)+$\" } } } } }"))
                .containsExactly("W-SCHEMA-01");
        var doubling =
                new StringBuilder(
                        "tutti: 1\nskills: { s: { input: { $ref: \"#/$defs/d0\", $defs: {");
        for (int i = 0; i < 30; i++) {
            doubling.append(
                    "d%d: { type: object, properties: { a: { $ref: \"#/$defs/d%d\" }, b: { $ref: \"#/$defs/d%d\" } } }, "
                            .formatted(i, i + 1, i + 1));
        }
        doubling.append("d30: { type: string } } } } }");
        var cost = once(doubling.toString());
        assertThat(cost.file().faults()).extracting(Fault::code).containsExactly("E-SCHEMA-02");
        assertThat(cost.time()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void b37_b39_b41_other_languages_are_text_in_every_position() {
        for (var hostile :
                List.of(
                        "#{7*7}",
                        "{{7*7}}",
                        "<%= 7*7 %>",
                        "T(java.lang.Runtime).getRuntime().exec('id')")) {
            var file = TeamFile.parse(settings("\"" + hostile + "\""), "team.yaml");
            assertThat(file.team().orElseThrow().agents().getFirst().settings().get("x"))
                    .isEqualTo(Value.text(hostile));
        }
        for (var hostile :
                List.of(
                        "${jndi:ldap://127.0.0.1:1389/a}",
                        "${secret:OPENAI_KEY}",
                        "${7*7",
                        "${a.b.c()}")) {
            var file = TeamFile.parse(settings("\"" + hostile + "\""), "team.yaml");
            assertThat(file.team()).isEmpty();
            assertThat(file.render(false, 100)).contains(hostile).doesNotContain("49");
        }
        var key = TeamFile.parse("tutti: 1\n\"${7*7}\": { \"${secret.KEY}\": 1 }\n", "team.yaml");
        assertThat(key.render(false, 100)).contains("`${7*7}` is not a key").doesNotContain("49");
    }

    @Test
    void control_characters_never_reach_the_terminal() {
        var file =
                TeamFile.parse(
                        "tutti: 1\n\"\\e[2J\\a\\u202e\": 1\nagents: { \"\\e]0;x\\a\": { uses: x } }\n",
                        "team.yaml");
        assertThat(file.render(false, 100).chars().filter(c -> c != '\n'))
                .noneMatch(c -> Character.isISOControl(c) || c == 0x202E);
    }

    @Test
    void any_bytes_give_faults_not_exceptions() {
        var random = new Random(7);
        var alphabet = "tutti: 1\n  -[]{}&*!|>'\"%@`#,?:${}é漢\t\r\0\ud83d~<=";
        for (int i = 0; i < 5_000; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            var file = TeamFile.parse(text.toString(), "team.yaml");
            assertThat(file.team().isPresent())
                    .isEqualTo(file.faults().stream().allMatch(Fault::isWarning));
            file.render(false, 60);
        }
    }

    @Test
    void a_good_file_broken_anywhere_gives_faults_not_exceptions() throws IOException {
        var good = RenderedFaultsTest.resource("answer.yaml");
        var random = new Random(11);
        for (int i = 0; i < 300; i++) {
            var text = new StringBuilder(good);
            for (int j = 0; j <= random.nextInt(3); j++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "{}[]:,\"$ \n-1a".charAt(random.nextInt(13)));
                    default -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
                }
            }
            var file = TeamFile.parse(text.toString(), "team.yaml");
            file.faults().forEach(fault -> assertThat(file.place(fault)).isPresent());
            file.render(false, 80);
        }
    }
}

package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What is told of one task.
class TaskDrawerTest extends OnThePage {
    @Test
    void a_drawer_opens_without_moving_the_picture_and_gives_the_focus_back() throws Exception {
        var run = office().answer();
        run.await();
        show(run);
        assertThat(node("search")).isVisible();
        node("search").focus();
        page().keyboard().press("ArrowRight");
        assertThat(node("read")).isFocused();
        var before = node("search").boundingBox();
        page().keyboard().press("Enter");
        assertThat(page().locator(".drawer h2")).hasText("read");
        assertThat(page().locator(".item")).hasCount(24);
        assertThat(node("search").boundingBox().x).isEqualTo(before.x);
        page().getByLabel("Width of the drawer").press("ArrowLeft");
        double width = page().locator(".drawer").boundingBox().width;
        page().keyboard().press("Escape");
        assertThat(page().locator(".drawer")).hasCount(0);
        assertThat(node("read")).isFocused();
        page().reload();
        node("search").click();
        assertThat(page().locator(".drawer").boundingBox().width)
                .isEqualTo(width)
                .isNotEqualTo(460);
    }

    @Test
    void an_item_has_its_address_and_shows_its_attempts_and_its_agent() throws Exception {
        var run = office().answer();
        run.await();
        page().navigate("/runs/" + run.id().value() + "?task=read%5B3%5D");
        var drawer = page().locator(".drawer");
        assertThat(
                        drawer.getByRole(
                                AriaRole.HEADING,
                                new Locator.GetByRoleOptions().setName("read[3]")))
                .isVisible();
        assertThat(drawer).containsText("Why this agent");
        assertThat(drawer).containsText("Passage 4 on the write-ahead log");
        assertThat(drawer).containsText("$0.0042");
        drawer.getByText("Made of").click();
        var given = drawer.getByLabel("Given to it");
        assertThat(given).containsText("item search.passages[3]");
        given.getByText("search", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(drawer.locator("h2")).hasText("search");
        page().goBack();
        drawer.getByText("all of read").click();
        assertThat(drawer.locator("h2")).hasText("read");
    }

    @Test
    void a_task_shows_what_its_agent_was_given_where_answers_differ_and_what_was_stored()
            throws Exception {
        var run = office().opinions();
        page().navigate("/runs/" + run.id().value() + "?task=draw");
        var drawer = page().locator(".drawer");
        assertThat(drawer).containsText("What it was given, and why");
        assertThat(drawer).containsText("made shorter");
        drawer.getByText("notes.md").click();
        assertThat(drawer.locator(".artifact-text")).containsText("They go on.");
        drawer.getByText("dot.png").click();
        var picture = drawer.locator(".artifact-image");
        assertThat(picture).isVisible();
        assertThat(picture.evaluate("i => i.decode().then(() => i.naturalWidth)")).isEqualTo(1);
        drawer.getByText("page.html").click();
        assertThat(drawer.locator(".artifact-text").last()).containsText("<script>");
        page().navigate("/runs/" + run.id().value() + "?task=weigh");
        assertThat(drawer).containsText("2 different answers");
        assertThat(drawer).containsText("66 %");
        // Whoever has a place when the third is given away has two of them.
        assertThat(drawer).containsText(Pattern.compile("(believer|sceptic) × 2"));
    }

    @Test
    void a_task_shows_who_was_left_out_who_was_weighed_and_what_a_score_is_made_of()
            throws Exception {
        var run = office().begin("letters", Map.of());
        page().navigate("/runs/" + run.id().value() + "?task=draft%5B5%5D");
        var drawer = page().locator(".drawer");
        assertThat(drawer).containsText("Why this agent");
        assertThat(drawer.locator(".policy")).hasText("learned thompson/1");
        assertThat(drawer.locator(".choice"))
                .containsText("Asked for write a letter, which no agent has");
        assertThat(drawer.locator(".choice")).containsText("0.78, before compose with 0.41");
        var steps = drawer.getByLabel("How the agents were narrowed down").locator("li");
        assertThat(steps.nth(0)).containsText("agents");
        assertThat(steps.nth(1)).containsText("without the skill");
        assertThat(steps.nth(2)).containsText("−1 without a label that is required");
        assertThat(steps.nth(2)).containsText("abroad");
        assertThat(steps.nth(3)).hasText("2 weighed");
        var rows = drawer.locator(".candidates tbody tr");
        assertThat(rows).hasCount(2);
        assertThat(rows.first().locator("strong")).hasText(Pattern.compile("quick|exact"));
        assertThat(rows.first()).containsText(Pattern.compile("\\d\\.\\d\\d.*\\d+ %.*0\\.\\d\\d"));
        picture("choice");

        page().navigate("/runs/" + run.id().value() + "?tab=cost");
        assertThat(page().locator(".budget")).containsText("To finish:");
        run.cancel("it was looked at");
        run.await();
    }

    @Test
    void what_an_attempt_says_of_how_far_it_is_is_shown_as_it_says_it_and_gone_with_it()
            throws Exception {
        office().shut();
        var run = office().answer();
        show(run);
        nodeIsAt("check", "running");
        node("check").click();
        var progress = page().locator(".drawer [data-progress]");
        assertThat(page().locator(".drawer .facts")).isVisible();
        assertThat(progress).hasCount(0);
        office().tell(0.4, "reads the notes");
        assertThat(progress).hasText("40 %: reads the notes");
        // Who comes later is told as well.
        var other = watched(context());
        other.navigate("/runs/" + run.id().value() + "?task=check");
        assertThat(other.locator("[data-progress]")).hasText("40 %: reads the notes");
        other.close();
        // However often it says so, it is shown a few times a second.
        page().evaluate(
                        """
                        () => {
                          window.told = 0;
                          new MutationObserver(() => window.told++)
                            .observe(document.querySelector('[data-progress] .grow'), { characterData: true, subtree: true });
                        }
                        """);
        long began = System.nanoTime();
        for (int note = 1; note <= 150; note++) {
            office().tell(0.4 + note / 500.0, "note " + note);
            page().waitForTimeout(10);
        }
        assertThat(progress).hasText("70 %: note 150");
        double seconds = (System.nanoTime() - began) / 1e9;
        double told = ((Number) page().evaluate("window.told")).doubleValue();
        System.out.printf(
                Locale.ROOT, "dashboard, 150 words of progress in %.1f s: shown %.0f times%n",
                seconds, told);
        assertThat(told / seconds).isBetween(0.5, 4.0);
        office().open();
        isAt("succeeded");
        assertThat(progress).hasCount(0);
    }

    @Test
    void what_a_gate_refused_is_told_to_the_next_attempt_and_stands_between_the_two()
            throws Exception {
        var run = office().begin("strict", Map.of());
        run.await();
        show(run);
        var attempts = page().locator(".attempts > li");
        assertThat(attempts).hasCount(2);
        attempts.first().locator("summary").first().click();
        assertThat(attempts.first().locator(".feedback")).containsText("output.supported");

        var uneven = office().begin("uneven", Map.of());
        uneven.await();
        page().navigate("/runs/" + uneven.id().value() + "?task=turn");
        assertThat(page().locator(".item")).hasCount(50);
        assertThat(page().locator(".item").first()).containsText("57");
        assertThat(page().locator(".item [class*=s-failed]")).hasCount(1);
    }

    @Test
    void a_long_output_is_fetched_when_asked_for_and_opens_at_once() throws Exception {
        var run = office().begin("tiles", Map.of());
        run.await();
        page().navigate("/runs/" + run.id().value() + "?task=lay");
        var output =
                page().locator(".drawer details.section")
                        .filter(new Locator.FilterOptions().setHasText("Output"));
        assertThat(output).containsText("The first 2 KiB of");
        assertThat(
                        page().evaluate(
                                        "performance.getEntriesByType('resource').filter(e =>"
                                                + " e.name.endsWith('/output')).length"))
                .isEqualTo(0);
        output.getByText("Load all").click();
        assertThat(output.locator(".json-row").first()).containsText("60,000 items");
        double took =
                ((Number)
                                page().evaluate(
                                                """
                                                async () => {
                                                  const began = performance.now();
                                                  document.querySelector('.drawer .json-row .json-fold[aria-label="Open tiles"]').click();
                                                  while (document.querySelectorAll('.drawer .json-row').length < 5) await new Promise(requestAnimationFrame);
                                                  return performance.now() - began;
                                                }
                                                """))
                        .doubleValue();
        System.out.println("dashboard, 60,000 rows of JSON opened in " + Math.round(took) + " ms");
        // The figure to reach is 300 ms; a machine that builds at the same time gets more.
        assertThat(took).isLessThan(1_500);
        assertThat(output.locator(".json-row").count()).isLessThan(60);
    }
}

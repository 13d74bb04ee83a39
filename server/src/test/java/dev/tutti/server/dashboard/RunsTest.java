package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.tutti.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The list of runs.
class RunsTest extends OnThePage {
    /// Marks a run in the list.
    private void tick(Run run) {
        page().locator(
                        "tr",
                        new Page.LocatorOptions()
                                .setHas(
                                        page().locator(
                                                        "[data-run-link='"
                                                                + run.id().value()
                                                                + "']")))
                .getByRole(AriaRole.CHECKBOX)
                .check();
    }

    @Test
    void new_runs_wait_behind_a_chip_while_somebody_is_in_the_list() throws Exception {
        page().navigate("/runs");
        var run = office().answer();
        run.await();
        var row = page().locator("[data-run-link='" + run.id().value() + "']");
        assertThat(row).isVisible();
        row.hover();
        var place = row.boundingBox();
        var later = office().answer();
        assertThat(button("1 new run")).isVisible();
        assertThat(row.boundingBox().y).isEqualTo(place.y);
        button("1 new run").click();
        assertThat(page().locator("[data-run-link='" + later.id().value() + "']")).isVisible();
        later.await();
    }

    @Test
    void a_part_of_the_time_is_picked_where_it_is_shown_how_many_runs_began() throws Exception {
        var run = office().answer();
        run.await();
        page().navigate("/runs");
        var row = page().locator("[data-run-link='" + run.id().value() + "']");
        assertThat(row).isVisible();
        var bars = page().getByRole(AriaRole.IMG, beginning("\\d+ runs? begun"));
        assertThat(bars).isVisible();
        // What ran just now is at the end: a part before it has none of it, one that reaches to the
        // end has.
        dragged(bars, 0.1, 0.5);
        assertThat(page()).hasURL(Pattern.compile("since%3A.*until%3A"));
        assertThat(row).hasCount(0);
        page().reload();
        assertThat(page().getByLabel("Search the runs"))
                .hasValue(Pattern.compile("^since:\\S+ until:\\S+$"));
        assertThat(row).hasCount(0);
        bars.dblclick();
        assertThat(row).isVisible();
        assertThat(page().getByLabel("Search the runs")).hasValue("");
        dragged(bars, 0.8, 1);
        assertThat(row).isVisible();
        // The same without a pointer.
        page().getByLabel("Begun", new Page.GetByLabelOptions().setExact(true)).selectOption("1h");
        assertThat(page().getByLabel("Search the runs")).hasValue("since:1h");
        assertThat(row).isVisible();
        // One that begins meanwhile is there without being asked for.
        var later = office().answer();
        assertThat(page().locator("[data-run-link='" + later.id().value() + "']")).isVisible();
        later.await();
        assertThat(bars)
                .hasAttribute(
                        "aria-label",
                        Pattern.compile("^" + page().locator("[data-run-link]").count() + " runs"));
    }

    private void dragged(Locator over, double from, double to) {
        var box = over.boundingBox();
        double y = box.y + box.height / 2;
        page().mouse().move(box.x + box.width * from, y);
        page().mouse().down();
        page().mouse().move(box.x + box.width * to, y);
        page().mouse().up();
    }

    @Test
    void a_search_is_in_the_address_and_survives_a_reload() throws Exception {
        for (int i = 0; i < 3; i++) {
            office().answer().await();
        }
        page().navigate("/runs");
        page().getByRole(AriaRole.BUTTON, named("succeeded")).click();
        assertThat(page()).hasURL(Pattern.compile("q=state"));
        page().reload();
        assertThat(page().getByLabel("Search the runs")).hasValue("state:succeeded");
        assertThat(page().locator("tbody .state-cell").first()).hasText("succeeded");
        page().getByText("Saved filters").click();
        page().getByLabel("Name of the filter").fill("done");
        page().getByRole(AriaRole.BUTTON, named("Save")).click();
        assertThat(button("done")).isVisible();
        page().goBack();
        assertThat(page().getByLabel("Search the runs")).hasValue("");
        // Back from a run, the list is where it was.
        page().setViewportSize(1280, 320);
        assertThat(page().locator("tbody tr").first()).isVisible();
        page().locator("main")
                .evaluate(
                        "async m => { m.scrollTop = 90; await new Promise(requestAnimationFrame);"
                                + " await new Promise(requestAnimationFrame); }");
        page().locator("[data-run-link]").nth(1).evaluate("e => e.click()");
        assertThat(page().locator(".run-state")).isVisible();
        page().goBack();
        assertThat(page().locator("tbody tr").first()).isAttached();
        scrolled(90);
        page().reload();
        scrolled(90);
        // Another browser of the same person has it as well.
        var elsewhere = fresh(1280, 800);
        var page = page(elsewhere);
        page.getByText("Saved filters").click();
        page.getByRole(AriaRole.BUTTON, beginning("done")).click();
        assertThat(page.getByLabel("Search the runs")).hasValue("state:succeeded");
        elsewhere.close();
    }

    private void scrolled(int wanted) {
        for (int i = 0; i < 100; i++) {
            if (wanted
                    == ((Number) page().evaluate("document.querySelector('main')?.scrollTop ?? -1"))
                            .intValue()) {
                return;
            }
            page().waitForTimeout(50);
        }
        throw new AssertionError("the page is not scrolled to where it was");
    }

    @Test
    void two_runs_are_selected_and_compared() throws Exception {
        var one = office().answer();
        one.await();
        var other = office().begin("answer", Map.of("question", "Who else may write?"));
        other.await();
        page().navigate("/runs");
        for (var run : List.of(one, other)) {
            tick(run);
        }
        button("Diff").click();
        assertThat(page().getByRole(AriaRole.HEADING, beginning("They part first at"))).isVisible();
        assertThat(page().locator(".diff-change").first()).containsText("Who else may write?");
        assertThat(page().getByRole(AriaRole.HEADING, beginning("Changed by that"))).isVisible();
        var address = page().url();
        assertThat(address).contains(one.id().value()).contains(other.id().value());
    }

    @Test
    void many_runs_are_done_something_to_after_a_dry_run_that_says_who_refuses() throws Exception {
        office().shut();
        var running = office().answer();
        var done = office().begin("many", Map.of("items", 2));
        done.await();
        page().navigate("/runs");
        tick(running);
        tick(done);
        button("Cancel").click();
        var dialog = page().getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("It would be done to 1 of 2, and be refused by 1");
        sureOfMany(dialog, "Cancel", "1 done, 1 refused, 0 failed, 0 to go");

        // All that a search finds, whether they are on this page or not.
        var some = new ArrayList<Run>();
        for (int i = 0; i < 3; i++) {
            some.add(office().begin("answer", Map.of("question", "Who may vacuum " + i)));
        }
        page().navigate("/runs?q=" + "workflow:answer%20who%20may%20VACUUM");
        assertThat(page().locator("tbody tr")).hasCount(3);
        button("Cancel").click();
        assertThat(dialog).containsText("workflow:answer who may VACUUM");
        assertThat(dialog).containsText("It would be done to 3 of 3");
        some.add(office().begin("answer", Map.of("question", "Who may vacuum later")));
        sureOfMany(dialog, "Cancel", "3 done, 0 refused, 0 failed, 0 to go");
        office().open();
        for (var run : some) {
            run.await();
        }
        assertThat(some)
                .extracting(run -> run.load().state().status().word())
                .containsExactly("cancelled", "cancelled", "cancelled", "succeeded");
        running.await();
    }

    private static void sureOfMany(Locator dialog, String button, String said) {
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
        assertThat(dialog).containsText(said);
        dialog.getByText("Close", new Locator.GetByTextOptions().setExact(true)).click();
    }

    @Test
    void a_search_that_finds_nothing_among_the_newest_looks_further_back() throws Exception {
        var run = office().begin("answer", Map.of("question", "What is a torn page?"));
        run.await();
        var later = office().begin("many", Map.of("items", 2));
        later.await();
        // As if so many other runs had begun since that the first look does not come to this one.
        page().route(
                        Pattern.compile("/api/v1/runs\\?(?!.*before).*q=torn"),
                        route ->
                                route.fulfill(
                                        new Route.FulfillOptions()
                                                .setContentType("application/json")
                                                .setBody(
                                                        "{\"runs\": [], \"next\": \""
                                                                + later.id().value()
                                                                + "\"}")));
        page().navigate("/runs?q=torn");
        assertThat(page().getByText("among the newest runs that were looked through")).isVisible();
        button("Look further back").click();
        assertThat(page().locator("[data-run-link='" + run.id().value() + "']")).isVisible();
        assertThat(page()).hasURL(Pattern.compile("before=" + later.id().value()));
        button("Newest").click();
        assertThat(page()).not().hasURL(Pattern.compile("before"));
    }
}

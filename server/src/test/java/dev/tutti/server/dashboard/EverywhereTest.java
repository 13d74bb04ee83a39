package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.tutti.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What holds on every page.
class EverywhereTest extends OnThePage {
    @Test
    void what_was_said_what_is_shared_and_who_did_what_have_their_pages() throws Exception {
        office().shut();
        var run = office().answer();
        office().say("orders", "order.placed", Map.of("order", "A7"));
        show(run);
        nodeIsAt("check", "running");
        told("Pause", "Pause");
        isAt("paused");
        page().navigate("/resources");
        var judge =
                page().locator(
                                "tr",
                                new Page.LocatorOptions()
                                        .setHas(page().getByText("judge").first()));
        assertThat(judge).containsText(Pattern.compile("[1-9] of 4 places"));
        page().navigate("/events?topic=orders");
        page().getByText("order.placed").first().click();
        assertThat(page().locator(".json").first()).containsText("A7");
        assertThat(node("@sorter")).isVisible();
        page().navigate("/audit?run=" + run.id().value());
        assertThat(page().locator("tbody tr")).hasCount(2);
        assertThat(page().locator("tbody tr").first()).containsText("pause");
        page().getByLabel("verb").fill("run");
        assertThat(page().locator("tbody tr")).hasCount(1);
        assertThat(page()).hasURL(Pattern.compile("verb=run"));
        office().open();
        searchedAndForgotten();
        switchedOffAndOn();
    }

    private void switchedOffAndOn() {
        page().navigate("/agents");
        var row = page().locator("[data-agent='sceptic']");
        button("Switch off sceptic").click();
        page().getByLabel("Reason").fill("it doubts everything");
        page().getByRole(AriaRole.BUTTON, named("Switch off")).last().click();
        assertThat(row).containsText("by operator: it doubts everything");
        button("Switch on sceptic").click();
        page().getByRole(AriaRole.BUTTON, named("Switch on")).last().click();
        assertThat(row).not().containsText("everything");
        button("What is expected of reader").click();
        assertThat(page().getByRole(AriaRole.TABLE, named("What is expected of reader")))
                .containsText(Pattern.compile("\\d+ of \\d+"));
    }

    private void searchedAndForgotten() throws Exception {
        office().remember("The archive is shut on Mondays.", "archive");
        office().remember("Ada paints lighthouses and lives in Lisbon.", "ada");
        office().remember("Ada asks before the archive is moved.", "ada");
        page().navigate("/memory?kind=fact");
        var memories = page().getByRole(AriaRole.LIST, named("Memories"));
        assertThat(memories).containsText("Mondays");
        page().getByLabel("Search what is remembered").fill("lighthouses");
        assertThat(page().getByText("by words")).isVisible();
        assertThat(page().locator("[data-memory]").first()).containsText("lighthouses");
        assertThat(page()).hasURL(Pattern.compile("q=lighthouses"));
        button("Forget all about ada").first().click();
        assertThat(page().getByText("2 memories would be forgotten")).isVisible();
        page().getByRole(AriaRole.BUTTON, named("Forget")).last().click();
        assertThat(page().getByText("Nothing like that is remembered")).isVisible();
        page().getByLabel("Search what is remembered").fill("");
        assertThat(memories).containsText("Mondays");
        assertThat(memories).not().containsText("lighthouses");
    }

    @Test
    void every_list_is_found_again_by_reload_by_back_and_by_its_link() throws Exception {
        var runs = new ArrayList<Run>();
        for (int i = 0; i < 14; i++) {
            runs.add(office().begin("parcel", Map.of()));
            runs.add(office().begin("refund", Map.of("order", "B" + i, "amount", i)));
            office().say("letters", "letter.came", Map.of("letter", i));
            office().remember("Box " + i + " is in cellar " + (i % 3) + ".", "box" + i);
        }
        var one = office().begin("many", Map.of("items", 16));
        var other = office().begin("many", Map.of("items", 30));
        one.await();
        other.await();
        var diff = "/diff?run=" + one.id().value() + "&other=" + other.id().value();
        page().setViewportSize(1280, 420);
        page().navigate("/runs");
        assertThat(page().getByRole(AriaRole.HEADING, named("Runs"))).isVisible();
        var places =
                List.of(
                        "/runs?q=workflow:refund",
                        "/inbox",
                        "/agents?open=reader",
                        "/resources",
                        "/events?topic=letters",
                        "/memory?kind=fact",
                        "/audit?verb=run",
                        diff);
        for (var place : places) {
            within(place);
            eventually("() => { " + ROWS + " return rows().length > 8; }");
            page().evaluate("() => { " + ROWS + " rows()[6].scrollIntoView({ block: 'start' }); }");
            eventually("() => location.hash !== ''");
            var seen = top();
            assertThat(seen).as(place).isGreaterThan(1);
            within("/agents?elsewhere=1");
            found(place + ", back", seen, page()::goBack);
            // Whoever is given the link has nothing but the address.
            found(place + ", by its link", seen, this::again);
            if (place.startsWith("/runs")) {
                found(place + ", reloaded", seen, page()::reload);
            }
        }
        // What is picked, open, or has the focus is in the address as well.
        within("/runs?q=workflow:refund");
        page().getByRole(AriaRole.CHECKBOX).nth(2).check();
        page().getByRole(AriaRole.CHECKBOX).nth(4).check();
        again();
        assertThat(page().getByText("2 selected")).isVisible();
        assertThat(page().getByRole(AriaRole.CHECKBOX).nth(4)).isChecked();
        within("/agents");
        button("What is expected of hand").click();
        again();
        assertThat(page().getByRole(AriaRole.TABLE, named("What is expected of hand"))).isVisible();
        within("/events?topic=letters");
        page().getByText("letter.came").nth(3).click();
        assertThat(page()).hasURL(Pattern.compile("message="));
        again();
        assertThat(page().locator(".events details[open] .json").first()).isVisible();
        within("/inbox");
        page().locator("[data-question]").nth(5).focus();
        assertThat(page()).hasURL(Pattern.compile("#"));
        again();
        assertThat(page().locator("[data-question]").nth(5)).isFocused();
        // Lists within a run scroll by themselves.
        for (var tab :
                Map.of("journal", ".journal-box", "timeline&open=first", ".timeline-box")
                        .entrySet()) {
            within("/runs/" + other.id().value() + "?tab=" + tab.getKey());
            var box = page().locator(tab.getValue());
            box.evaluate(
                    "async b => { while (b.scrollHeight < b.clientHeight + 300) await new Promise(requestAnimationFrame); b.scrollTop = 230; }");
            eventually(
                    "() => Object.keys(sessionStorage).some(k => k.includes('#') && sessionStorage.getItem(k) === '230')");
            page().locator("nav[aria-label=Pages] a").last().click();
            page().goBack();
            eventually(
                    "() => Math.abs((document.querySelector('"
                            + tab.getValue()
                            + "')?.scrollTop ?? 0) - 230) <= 28");
        }
        for (var run : runs) {
            run.cancel("it was looked at");
        }
    }

    /// Here once more, from another page, with nothing but the address.
    private void again() {
        var here = (String) page().evaluate("location.pathname + location.search + location.hash");
        within("/audit");
        assertThat(page().getByRole(AriaRole.HEADING, named("Audit"))).isVisible();
        page().evaluate("sessionStorage.clear()");
        within(here);
    }

    /// To another address of the page, without loading it again.
    private void within(String address) {
        page().evaluate(
                        "to => { history.pushState(null, '', to); dispatchEvent(new"
                                + " PopStateEvent('popstate')); }",
                        address);
    }

    /// The rows of a page: those that have names, or those of its table.
    private static final String ROWS =
            """
            window.rows = () => {
              const named = [...document.querySelectorAll('main [data-row]')];
              return named.length > 0 ? named : [...document.querySelectorAll('main .table-box > table > tbody > tr')];
            };
            """;

    /// Waits until something is so. The page lets nobody else evaluate a text in it.
    private void eventually(String so) {
        for (int i = 0; i < 100; i++) {
            if (Boolean.TRUE.equals(page().evaluate(so))) {
                return;
            }
            page().waitForTimeout(30);
        }
        throw new AssertionError("it is never so: " + so);
    }

    /// Which row is the first in sight.
    private int top() {
        var script =
                """
                () => {
                  %s
                  const main = document.querySelector('main');
                  const top = main?.getBoundingClientRect().top ?? 0;
                  return main ? rows().findIndex(r => r.getBoundingClientRect().bottom > top + 4) : -1;
                }
                """
                        .formatted(ROWS);
        return ((Number) page().evaluate(script)).intValue();
    }

    private void found(String how, int wanted, Runnable by) {
        by.run();
        for (int i = 0; i < 60; i++) {
            if (Math.abs(top() - wanted) <= 1) {
                return;
            }
            page().waitForTimeout(50);
        }
        assertThat(top()).as(how).isCloseTo(wanted, org.assertj.core.data.Offset.offset(1));
    }

    @Test
    void tabs_of_one_browser_share_one_stream() throws Exception {
        office().shut();
        var run = office().answer();
        show(run);
        var others = new ArrayList<Page>();
        for (int i = 0; i < 7; i++) {
            var other = tab();
            other.navigate("/runs/" + run.id().value());
            others.add(other);
        }
        for (var other : others) {
            assertThat(other.locator(".live")).isVisible();
        }
        office().open();
        isAt("succeeded");
        for (var other : others) {
            assertThat(other.locator(".run-state strong")).hasText("succeeded");
            assertThat(
                            other.evaluate(
                                    "performance.getEntriesByType('resource').filter(e =>"
                                            + " e.name.includes('/api/v1/live')).length"))
                    .isEqualTo(0);
        }
    }

    @Test
    void a_page_is_live_while_nothing_happens_and_says_when_nothing_comes_any_more()
            throws Exception {
        try (var quiet = new Office(Duration.ofMillis(250));
                var wire = new Wire(quiet.port());
                var visit = fresh(1280, 800)) {
            var page = visit.newPage();
            page.navigate(wire.address() + "/runs#token=" + Office.TOKEN);
            assertThat(page.getByText("No run yet")).isVisible();
            teachesWhereThereIsNothing(page);
            page.evaluate(
                    "window.lost = 0; new MutationObserver(() => { if (document.querySelector("
                            + "'.lost')) window.lost++; }).observe(document.body, { childList: true,"
                            + " subtree: true })");
            // With this pulse a page takes a stream for dead after two seconds.
            page.waitForTimeout(3_500);
            assertThat(page.evaluate("window.lost")).isEqualTo(0);
            wire.hold();
            assertThat(page.getByText("Not live since"))
                    .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(10_000));
            var run = quiet.answer();
            wire.release();
            assertThat(page.locator("[data-run-link='" + run.id().value() + "']")).isVisible();
            assertThat(page.getByText("Not live since")).isHidden();
            run.await();
            tenQuestionsTakeTwentyKeys(quiet, page);
        }
    }

    /// What would be here, and what makes it so.
    private static void teachesWhereThereIsNothing(Page page) {
        var pages =
                Map.of(
                        "i", "approve: boss",
                        "s", "in the team file",
                        "e", "tutti publish",
                        "m", "remember",
                        "u", "Whoever begins a run",
                        "r", "tutti run examples/research/team.yaml");
        pages.forEach((key, says) -> {
            page.keyboard().press("g");
            page.keyboard().press(key);
            assertThat(page.locator("main .empty").first()).containsText(says);
        });
        page.keyboard().press("g");
        page.keyboard().press("r");
        assertThat(page.getByText("No run yet")).isVisible();
    }

    private static void tenQuestionsTakeTwentyKeys(Office office, Page page) throws Exception {
        var runs = new ArrayList<Run>();
        for (int i = 0; i < 10; i++) {
            runs.add(office.begin("refund", Map.of("order", "B" + i, "amount", i)));
        }
        page.keyboard().press("g");
        page.keyboard().press("i");
        assertThat(page.locator("[data-question]")).hasCount(10);
        page.keyboard().press("j");
        for (int i = 0; i < 10; i++) {
            page.keyboard().press(i % 2 == 0 ? "a" : "d");
            assertThat(page.locator("[data-over]")).hasCount(i + 1);
            if (i < 9) {
                assertThat(page.locator("[data-question]:not([data-over]):focus")).hasCount(1);
            }
        }
        for (var run : runs) {
            run.await();
        }
        assertThat(runs)
                .extracting(run -> run.load().state().status().word())
                .filteredOn("succeeded"::equals)
                .hasSize(5);
    }

    @Test
    void an_address_that_is_no_run_ends_no_other_tabs_live_updates() throws Exception {
        office().shut();
        var run = office().answer();
        show(run);
        var wrong = tab();
        wrong.navigate("/runs/01ZZZZZZZZZZZZZZZZZZZZZZZZ");
        assertThat(wrong.getByText("There is no such run")).isVisible();
        office().open();
        isAt("succeeded");
        assertThat(page().getByText("Not live since")).isHidden();
    }
}

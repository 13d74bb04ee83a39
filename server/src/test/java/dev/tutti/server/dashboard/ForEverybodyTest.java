package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// That the page is there for everybody: by keys, read aloud, on a phone; and for nobody without a
/// token.
class ForEverybodyTest extends OnThePage {
    @Test
    void keys_are_listed_lead_everywhere_and_can_be_switched_off() throws Exception {
        var run = office().answer();
        run.await();
        show(run);
        page().keyboard().press("?");
        var dialog = page().getByRole(AriaRole.DIALOG, named("Keys"));
        assertThat(dialog).containsText("critical path");
        dialog.getByLabel("Single keys do something").uncheck();
        page().keyboard().press("Escape");
        page().keyboard().press("2");
        assertThat(page()).not().hasURL(Pattern.compile("tab="));
        button("Keys").click();
        dialog.getByLabel("Single keys do something").check();
        page().keyboard().press("Escape");
        page().keyboard().press("2");
        assertThat(page()).hasURL(Pattern.compile("tab=timeline"));
        page().keyboard().press("Control+k");
        page().keyboard().type("audit");
        page().keyboard().press("Enter");
        assertThat(page()).hasURL(Pattern.compile("/audit"));
        page().keyboard().press("g");
        page().keyboard().press("r");
        assertThat(page().getByRole(AriaRole.HEADING, named("Runs"))).isVisible();
        page().keyboard().press("/");
        assertThat(page().getByLabel("Search the runs")).isFocused();
    }

    @Test
    void who_has_no_token_sees_nothing_and_is_told_what_to_do() {
        var stranger = fresh(800, 600);
        var page = stranger.newPage();
        page.navigate("/runs");
        assertThat(page.getByLabel("Token")).isVisible();
        page.getByLabel("Token").fill("a-token-that-nobody-has");
        page.getByRole(AriaRole.BUTTON, named("Go in")).click();
        assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
        page.getByLabel("Token").fill(Office.TOKEN);
        page.getByRole(AriaRole.BUTTON, named("Go in")).click();
        assertThat(page.getByRole(AriaRole.HEADING, named("Runs"))).isVisible();
        assertThat(page.url()).doesNotContain("token");
        stranger.close();
    }

    @Test
    void axe_finds_nothing_serious_on_any_page_in_either_theme() throws Exception {
        office().refuse(true);
        var failed = office().answer();
        failed.await();
        office().refuse(false);
        office().begin("refund", Map.of("order", "A9", "amount", 99));
        office().remember("Whoever is on call has the key of the archive.", "on call");
        var letters = office().begin("letters", Map.of());
        var axe = Chromium.script("axe-core/axe.min.js");
        var run = "/runs/" + failed.id().value();
        var found = new ArrayList<String>();
        for (var path :
                List.of(
                        "/runs",
                        run,
                        run + "?tab=timeline&open=read",
                        run + "?tab=journal&event=5",
                        run + "?tab=cost",
                        run + "?tab=result",
                        run + "?at=5&task=read",
                        run + "?graph=ran&task=check",
                        "/runs/" + letters.id().value() + "?task=draft%5B5%5D",
                        "/inbox",
                        "/new?workflow=answer&pin=read&like=" + failed.id().value(),
                        "/new?edit=1",
                        "/agents",
                        "/resources",
                        "/events",
                        "/audit",
                        "/memory",
                        "/diff")) {
            page().navigate(path);
            page().waitForLoadState();
            assertThat(page().locator("main h1, main h2").first()).isVisible();
            if (path.equals(run)) {
                assertThat(page().locator(".drawer h2")).isVisible();
                page().keyboard().press("r");
                assertThat(
                                page().getByText(
                                                "What would happen",
                                                new Page.GetByTextOptions().setExact(true)))
                        .isVisible();
            }
            assertThat(page().locator("html")).hasAttribute("data-asking", "0");
            page().evaluate(axe);
            found.addAll(serious(path, null));
            // The other theme differs in nothing but colours.
            page().evaluate("document.documentElement.dataset.theme = 'dark'");
            found.addAll(serious(path + " in the dark", List.of("color-contrast")));
        }
        assertThat(found).isEmpty();
    }

    private List<String> serious(String where, @Nullable List<String> rules) {
        var json =
                (String)
                        page().evaluate(
                                        "async rules => JSON.stringify((await axe.run(document, {"
                                                + " preload: false, resultTypes: ['violations'], ...(rules ? { runOnly:"
                                                + " rules } : {}) })).violations.map(v => [v.impact,"
                                                + " v.id, v.nodes[0].html]))",
                                        rules);
        var found = new ArrayList<String>();
        for (var one : JsonParser.parseString(json).getAsJsonArray()) {
            var violation = (JsonArray) one;
            if (List.of("serious", "critical").contains(violation.get(0).getAsString())) {
                found.add(where + ": " + violation);
            }
        }
        return found;
    }

    @Test
    void a_phone_shows_a_list_and_nothing_is_wider_than_it() throws Exception {
        var run = office().answer();
        run.await();
        var order = "A7".repeat(90);
        var asking = office().begin("refund", Map.of("order", order, "amount", 3));
        var phone = fresh(390, 780);
        var page = page(phone);
        for (var path :
                List.of(
                        "/runs",
                        "/runs/" + run.id().value(),
                        "/runs/" + run.id().value() + "?graph=ran",
                        "/inbox",
                        "/new",
                        "/new?edit=1",
                        "/agents",
                        "/memory")) {
            page.navigate(path);
            assertThat(page.locator("main h1").first()).isVisible();
            assertThat(((Number) page.evaluate("document.documentElement.scrollWidth")).intValue())
                    .as(path)
                    .isLessThanOrEqualTo(390);
            // Nor does what is in the page have to be pushed aside to be read.
            if (path.equals("/inbox")) {
                assertThat(page.locator("[data-question^='" + asking.id().value() + "']"))
                        .containsText(order);
            }
            if (path.equals("/agents")) {
                assertThat(page.getByRole(AriaRole.BUTTON, named("Switch off librarian")))
                        .isInViewport(new LocatorAssertions.IsInViewportOptions().setRatio(1));
            }
            if (List.of("/runs", "/inbox", "/agents", "/memory").contains(path)) {
                assertThat(
                                page.evaluate(
                                        "() => { const m = document.querySelector('main'); return"
                                                + " m.scrollWidth - m.clientWidth; }"))
                        .as(path)
                        .isEqualTo(0);
            }
        }
        asking.cancel("it was looked at");
        page.navigate("/runs/" + run.id().value());
        assertThat(page.getByRole(AriaRole.TABLE, named("Tasks"))).isVisible();
        phone.close();
    }
}

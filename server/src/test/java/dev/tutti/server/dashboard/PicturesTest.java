package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The pictures of the documents.
class PicturesTest extends OnThePage {
    @Test
    @EnabledIfSystemProperty(named = "dashboard", matches = "all")
    void pictures_of_each_page_are_taken(@TempDir Path folder) throws Exception {
        office().refuse(true);
        var failed = office().answer();
        failed.await();
        office().refuse(false);
        var done = office().answer();
        done.await();
        var refund = office().begin("refund", Map.of("order", "A7", "amount", 1240));
        office().shut();
        var running = office().answer();
        var of = "/runs/" + done.id().value();
        picture("runs", "/runs", page().locator("tbody tr").first());
        picture("run", "/runs/" + running.id().value(), node("read"));
        var filing = office().begin("filing", Map.of());
        picture("resources", "/resources", page().getByText("80 % of the budget is spent").first());
        filing.cancel("it was looked at");
        filing.await();
        office().open();
        running.await();
        picture("ran", "/runs/" + failed.id().value() + "?graph=ran", node("check#2"));
        picture("failed", "/runs/" + failed.id().value(), page().locator(".attempts"));
        picture("timeline", of + "?tab=timeline&open=read&critical=1", page().locator(".path"));
        picture("journal", of + "?tab=journal", page().locator(".event").first());
        picture("cost", of + "?tab=cost", page().locator(".chart canvas"));
        picture("past", of + "?at=40", page().locator(".slider.past .slider-lanes"));
        picture("inbox", "/inbox", page().locator(".question").first());
        office().say("orders", "order.placed", Map.of("order", "A7"));
        office().say("orders", "order.paid", Map.of("order", "A7", "amount", 1240));
        picture("events", "/events?topic=orders", node("@sorter"));
        refund.cancel("the customer has paid already");
        done.fork(40, false);
        office().remember("The archive is shut on Mondays.", "archive");
        office().remember("Ada paints lighthouses and lives in Lisbon.", "ada");
        picture("memory", "/memory", page().locator("[data-memory]").first());
        picture("audit", "/audit", page().locator("tbody tr").first());
        picture("new-run", "/new?workflow=answer", page().locator("div.forecast"));
        page().navigate("/new?edit=1&workflow=answer");
        assertThat(node("check")).isVisible();
        write("note: { skill: verify, in }");
        assertThat(page().locator(".cm-lintRange-error").first()).isVisible();
        page().locator(".cm-scroller").evaluate("s => { s.scrollTop = 590; s.scrollLeft = 0; }");
        page().keyboard().press("ArrowLeft");
        page().keyboard().press("ArrowLeft");
        page().keyboard().press("Control+Space");
        assertThat(page().locator(".cm-tooltip-autocomplete")).isVisible();
        picture("editor");
        picture(
                "pinned",
                "/new?workflow=answer&like=" + done.id().value() + "&pin=search,read",
                page().locator(".pin-note"));
        var other = office().begin("answer", Map.of("question", "Who else may write?"));
        other.await();
        picture(
                "diff",
                "/diff?run=" + done.id().value() + "&other=" + other.id().value(),
                page().locator(".diff-change").first());
        var opinions = office().opinions();
        picture(
                "given",
                "/runs/" + opinions.id().value() + "?task=draw",
                page().getByText("What it was given, and why"));
        picture("agents", "/agents", page().locator("tbody tr").first());
        try (var alone = fresh(1280, 800)) {
            var kept = watched(alone);
            kept.navigate(saved(done, folder).toUri() + "?task=check&at=70");
            assertThat(kept.locator(".slider.past .slider-lanes")).isVisible();
            picture(kept, "file");
        }
        page().navigate("/runs/" + failed.id().value());
        assertThat(page().locator(".attempts")).isVisible();
        page().keyboard().press("r");
        assertThat(
                        page().getByText(
                                        "What would happen",
                                        new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        picture("retry");
        page().keyboard().press("Escape");
        page().getByLabel("Make it dark").click();
        picture("dark");
        page().getByLabel("Make it light").click();
    }

    private void picture(String name, String path, Locator there) {
        page().navigate(path);
        assertThat(there).isVisible();
        picture(name);
    }
}

package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.tutti.core.event.Value;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A run in time: its journal, its timeline, its past, and the addresses of what is there.
class RunInTimeTest extends OnThePage {
    @Test
    void the_slider_shows_the_run_as_it_was() throws Exception {
        var run = office().answer();
        run.await();
        show(run);
        assertThat(node("answer")).isVisible();
        long head = sequence(office().get(view(run, 0)));
        var slider = page().getByLabel("Event", new Page.GetByLabelOptions().setExact(true));
        var random = new Random(7);
        for (int i = 0; i < 8; i++) {
            long at = 2 + random.nextLong(head - 2);
            slider.fill(String.valueOf(at));
            assertThat(page().locator(".slider-text"))
                    .containsText("event " + String.format("%,d", at));
            var then = office().get(view(run, at));
            isAt(then.text("status"));
            for (var task : ((Value.Array) field(then, "tasks")).items()) {
                var row = (Value.Struct) task;
                nodeIsAt(row.text("task"), row.text("state"));
            }
        }
        assertThat(button("Cancel")).isDisabled();
        page().keyboard().press(".");
        isAt("succeeded");
    }

    @Test
    void in_the_past_what_goes_on_is_counted_and_only_a_fork_is_offered() throws Exception {
        office().shut();
        var run = office().answer();
        show(run);
        nodeIsAt("check", "running");
        page().locator(".slider").getByLabel("An event back").click();
        var text = page().locator(".slider-text");
        assertThat(text).containsText("+1 since");
        assertThat(text).containsText("This is the past: only a fork can be made from here.");
        for (var verb : List.of("Pause", "Cancel")) {
            assertThat(button(verb)).isDisabled();
            assertThat(button(verb))
                    .hasAttribute(
                            "title", Pattern.compile("This is the past. Go back to now first"));
        }
        assertThat(button("Fork from here")).isEnabled();
        office().open();
        assertThat(text).containsText("To the end");
        // Nothing of what came meanwhile is shown before somebody asks.
        nodeIsAt("answer", "waiting");
        page().keyboard().press(".");
        nodeIsAt("answer", "succeeded");
    }

    @Test
    void a_fork_begins_from_a_moment_of_the_past() throws Exception {
        var run = office().answer();
        run.await();
        page().navigate("/runs/" + run.id().value() + "?at=6");
        button("Fork from here").click();
        assertThat(page().getByText("Effects that would be done again: none")).isVisible();
        page().getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Fork").setExact(true))
                .click();
        assertThat(page().getByText("forked from")).isVisible();
        assertThat(page()).not().hasURL(Pattern.compile(run.id().value()));
        isAt("succeeded");

        // With another output of a task: what came before it is kept, what came after is done
        // again.
        page().navigate("/runs/" + run.id().value());
        page().locator(".run-verbs").getByText("Fork…").click();
        var dialog = page().getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Go on with another input or output of").selectOption("check");
        dialog.getByText("output", new Locator.GetByTextOptions().setExact(true)).click();
        dialog.locator("textarea").fill("{\"supported\": 7}");
        assertThat(dialog.locator(".preview")).containsText("done again: check, answer");
        assertThat(dialog.locator(".preview"))
                .containsText(Pattern.compile("\\d+ results? reused"));
        sure("Fork");
        assertThat(page()).not().hasURL(Pattern.compile(run.id().value()));
        isAt("succeeded");
        node("check").click();
        assertThat(page().locator(".drawer")).containsText(Pattern.compile("supported\\s*7"));
    }

    @Test
    void the_journal_leads_to_a_task_and_to_the_run_as_it_was() throws Exception {
        var run = office().answer();
        run.await();
        page().navigate("/runs/" + run.id().value() + "?tab=journal&of=check");
        assertThat(page().locator(".event").first()).isVisible();
        page().locator(".event .name-link").first().click();
        assertThat(page().locator(".drawer h2")).hasText("check");
        page().goBack();
        assertThat(page().locator(".drawer")).hasCount(0);
        page().locator(".event-number").first().click();
        context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        button("Copy link").click();
        assertThat(page().getByText("Copied the link")).isVisible();
        var copied = (String) page().evaluate("navigator.clipboard.readText()");
        page().navigate(copied);
        assertThat(page().locator(".event.opened")).isVisible();
        button("The run as it was then").click();
        assertThat(page()).hasURL(Pattern.compile("at=\\d+"));
        assertThat(page().locator(".slider.past")).isVisible();
    }

    @Test
    void an_artifact_an_attempt_a_moment_and_a_range_have_links_that_lead_to_them()
            throws Exception {
        var run = office().opinions();
        context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page().navigate("/runs/" + run.id().value() + "?task=draw");
        var drawer = page().locator(".drawer");
        opened("a link to page.html");
        // Opened, in sight, and with the focus, though all artifacts are folded otherwise.
        assertThat(drawer.locator(".artifact[open]")).hasCount(1);
        assertThat(drawer.locator(".artifact-text")).containsText("<script>");
        var line = drawer.locator(".artifact[open] > summary");
        assertThat(line).containsText("page.html");
        assertThat(line).isFocused();
        assertThat(line).isInViewport();
        // Another task has none of it.
        node("dig").click();
        assertThat(page()).not().hasURL(Pattern.compile("artifact="));

        page().navigate("/runs/" + run.id().value() + "?task=draw");
        opened("a link to attempt 1");
        assertThat(page()).hasURL(Pattern.compile("attempt=\\d+"));
        assertThat(drawer.locator(".attempts > li[data-wanted] > details[open]")).isVisible();

        page().navigate("/runs/" + run.id().value());
        page().locator(".slider").getByLabel("An event back").click();
        opened("a link to event");
        assertThat(page().locator(".slider.past")).isVisible();

        page().navigate("/runs/" + run.id().value() + "?tab=timeline");
        page().getByLabel("Shown from").press("PageUp");
        opened("a link to this part of the time");
        assertThat(page().getByText("shown · all of it")).isVisible();
    }

    /// Copies a link and opens it.
    private void opened(String link) {
        button("Copy " + link).first().click();
        assertThat(page().getByText("Copied the link").first()).isVisible();
        var copied = (String) page().evaluate("navigator.clipboard.readText()");
        page().navigate("about:blank");
        page().navigate(copied);
    }

    @Test
    void the_journal_follows_only_while_its_end_is_in_view() throws Exception {
        office().shut();
        var run = office().answer();
        page().navigate("/runs/" + run.id().value() + "?tab=journal");
        var log = page().getByRole(AriaRole.LOG, named("Journal"));
        assertThat(log.locator(".event").last()).containsText("check");
        assertThat(page().getByText("below · follow")).isHidden();
        log.evaluate("e => { e.scrollTop = 300; }");
        assertThat(log.locator(".event-number").first()).hasText("1");
        var line = log.locator(".event-number").nth(24);
        var place = line.boundingBox();
        var number = line.textContent();
        office().open();
        isAt("succeeded");
        assertThat(page().getByText("below · follow")).isVisible();
        assertThat(line).hasText(number);
        assertThat(line.boundingBox().y).isEqualTo(place.y);
        page().getByText("below · follow").click();
        assertThat(log.locator(".event").last()).containsText("succeeded");
    }

    @Test
    void what_is_spent_is_told_where_it_nears_the_budget_and_where_it_is_not_all_known()
            throws Exception {
        var run = office().begin("filing", Map.of());
        show(run);
        nodeIsAt("pay", "held");
        assertThat(page().locator(".alarm")).hasText("80 % of the budget is spent");
        assertThat(page().locator(".figure-money")).hasText("≥ $0.00 / $1.00, $0.85 charged");
        page().navigate("/resources");
        var row =
                page().locator("section[aria-label='Budgets'] tr")
                        .filter(new Locator.FilterOptions().setHasText("filing"));
        assertThat(row).containsText("80 % of the budget is spent");
        run.cancel("it was looked at");
        run.await();
    }

    @Test
    void the_timeline_is_walked_by_keys_shows_a_part_and_what_it_cost() throws Exception {
        var run = office().answer();
        run.await();
        page().navigate("/runs/" + run.id().value() + "?tab=timeline");
        var rows = page().locator(".trow-main");
        assertThat(rows).hasCount(4);
        assertThat(page().locator(".trow-main[tabindex='0']")).hasCount(1);
        rows.first().focus();
        page().keyboard().press("ArrowDown");
        assertThat(rows.nth(1)).isFocused();
        page().keyboard().press("ArrowRight");
        assertThat(page()).hasURL(Pattern.compile("open=read"));
        assertThat(page().getByText("Passage 3 on the write-ahead log")).isVisible();
        page().keyboard().press("ArrowLeft");
        assertThat(rows).hasCount(4);
        page().keyboard().press("End");
        assertThat(rows.last()).isFocused();
        page().keyboard().press("Enter");
        assertThat(page().locator(".drawer h2")).hasText("answer");
        page().keyboard().press("Escape");
        // All of a row is to be hit, not the bar alone.
        var row = rows.nth(2).boundingBox();
        assertThat(row.height).isGreaterThanOrEqualTo(24);
        page().mouse().click(row.x + row.width - 120, row.y + row.height / 2);
        assertThat(page().locator(".drawer h2")).hasText("check");
        page().keyboard().press("Escape");

        page().keyboard().press("c");
        assertThat(page().locator(".path li").first()).containsText("%");
        page().getByText("money", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page().locator(".trow-right"))
                .hasText(new String[] {"$0.00", "$0.10", "$0.00", "$0.00"});
        assertThat(page().locator(".figure-money")).hasText("$0.10");
        var strip = page().locator(".overview").boundingBox();
        page().mouse().move(strip.x + strip.width / 4, strip.y + 8);
        page().mouse().down();
        page().mouse().move(strip.x + strip.width / 2, strip.y + 8);
        page().mouse().up();
        assertThat(page()).hasURL(Pattern.compile("from=\\d+&to=\\d+"));
        page().reload();
        assertThat(page().getByText("shown · all of it")).isVisible();
        page().locator(".overview").dblclick();
        assertThat(page()).not().hasURL(Pattern.compile("from="));
        page().getByLabel("Shown from").press("ArrowRight");
        assertThat(page()).hasURL(Pattern.compile("from=\\d+&to=\\d+"));
    }
}

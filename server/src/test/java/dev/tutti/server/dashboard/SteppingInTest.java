package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What people do to a run, and what they are asked.
class SteppingInTest extends OnThePage {
    @Test
    void a_task_that_failed_is_retried_after_its_dry_run() throws Exception {
        office().refuse(true);
        var run = office().begin("careful", Map.of());
        show(run);
        nodeIsAt("check", "held");
        node("check").click();
        var drawer = page().locator(".drawer");
        assertThat(drawer).containsText("the notes contradict one another");
        office().refuse(false);
        drawer.getByText("Retry…").click();
        var dialog = page().getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("What would happen");
        assertThat(dialog).containsText("check");
        assertThat(dialog).containsText("Effects that would be done again: none");
        dialog.getByLabel("Reason").fill("the index was old");
        dialog.getByText("Retry", new Locator.GetByTextOptions().setExact(true)).click();
        isAt("succeeded");
        assertThat(page().locator(".slider-flag")).hasCount(1);
        assertThat(node("check").locator(".node-flag")).isVisible();
        assertThat(drawer).containsText("the index was old");
        // Nothing ran while a person was waited for: that time is folded away.
        page().keyboard().press("2");
        assertThat(page().locator(".axis-gap").first()).containsText(Pattern.compile("\\d m?s"));
        page().getByLabel("True scale").check();
        assertThat(page().locator(".axis-gap")).hasCount(0);
    }

    @Test
    void a_run_that_failed_opens_at_what_failed_and_goes_on_as_a_fork() throws Exception {
        office().refuse(true);
        var run = office().answer();
        run.await();
        office().refuse(false);
        page().navigate("/runs/" + run.id().value());
        var drawer = page().locator(".drawer");
        assertThat(drawer.locator("h2")).hasText("check");
        assertThat(drawer).containsText("the notes contradict one another");
        assertThat(page().locator(".run-state")).containsText("the notes contradict one another");
        page().keyboard().press("Escape");
        assertThat(drawer).hasCount(0);
        page().keyboard().press("f");
        assertThat(drawer.locator("h2")).hasText("check");
        page().getByLabel("Fade succeeded").check();
        assertThat(page().locator(".node.faded[data-task='read']")).isVisible();
        page().getByLabel("Fade succeeded").uncheck();
        page().keyboard().press("r");
        var dialog = page().getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("Effects that would be done again: none");
        dialog.getByText("Fork", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page().getByText("forked from")).isVisible();
        isAt("succeeded");
    }

    @Test
    void a_run_is_paused_resumed_and_cancelled() throws Exception {
        office().shut();
        var run = office().answer();
        show(run);
        nodeIsAt("check", "running");
        told("Pause", "Pause");
        isAt("paused");
        // As clocks here have it, and how long ago.
        assertThat(page().locator(".run-state .clip"))
                .hasText(Pattern.compile("paused since \\d\\d:\\d\\d:\\d\\d \\(\\d+ s ago\\)"));
        told("Resume", "Resume");
        isAt("running");
        told("Cancel", "Cancel it");
        office().open();
        isAt("cancelled");
        assertThat(button("Cancel")).isDisabled();
    }

    @Test
    void a_run_is_raised_amended_told_something_and_spared_a_task_each_after_a_dry_run()
            throws Exception {
        var run = office().begin("parcel", Map.of());
        page().navigate("/runs/" + run.id().value() + "?tab=cost");
        var dialog = page().getByRole(AriaRole.DIALOG);
        page().locator(".budget").getByText("Raise…").click();
        assertThat(dialog).containsText("now 1");
        sure("Raise");
        assertThat(page().locator(".budget")).containsText("of $1.50");
        page().keyboard().press("1");
        page().locator(".menu summary").click();
        page().getByText("Change the plan…").click();
        dialog.locator("textarea").fill("{\"tasks\": {\"more\": {\"skill\": \"nothing\"}}}");
        assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("nothing");
        // The browser notes every refusal; this one was asked for.
        pardoned();
        dialog.locator("textarea")
                .fill(
                        "{\"tasks\": {\"more\": {\"skill\": \"pay\", \"after\": [\"wait\"],"
                                + " \"input\": {\"order\": \"C\", \"amount\": 1,"
                                + " \"account\": \"B\"}}}}");
        sure("Change it");
        assertThat(node("more")).isVisible();
        node("note").click();
        var drawer = page().locator(".drawer");
        drawer.getByText("Cancel…").click();
        sure("Cancel it");
        nodeIsAt("note", "skipped");
        node("wait").click();
        drawer.getByText("Send it…").click();
        assertThat(dialog.locator(".preview")).containsText("wait");
        sure("Send");
        isAt("succeeded");
        page().keyboard().press("2");
        page().locator(".timeline-flags")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(Pattern.compile("^raise")))
                .press("Enter");
        assertThat(page().locator(".changes")).containsText("usd");
    }

    @Test
    void a_planner_is_asked_again_after_a_dry_run_and_what_it_said_is_in_the_journal()
            throws Exception {
        office().shut();
        var run = office().begin("proof", Map.of("query", "tea"));
        show(run);
        nodeIsAt("verify", "running");
        page().locator(".menu summary").click();
        page().getByText("Plan again…").click();
        assertThat(page().getByRole(AriaRole.DIALOG).locator(".preview"))
                .containsText("would be running");
        page().getByLabel("Reason").fill("the tea is cold");
        sure("Ask the planner");
        assertThat(page().locator(".slider-flag")).hasCount(1);
        page().navigate("/runs/" + run.id().value() + "?tab=journal&stage=plan");
        assertThat(page().locator(".journal-box")).containsText("the tea is cold");
        office().open();
        isAt("succeeded");
    }

    @Test
    void what_would_be_something_else_by_now_is_not_done_but_shown_again() throws Exception {
        office().refuse(true);
        var run = office().begin("careful", Map.of());
        page().navigate("/runs/" + run.id().value() + "?task=check");
        nodeIsAt("check", "held");
        page().locator(".drawer").getByText("Retry…").click();
        var dialog = page().getByRole(AriaRole.DIALOG);
        assertThat(dialog.locator(".preview")).containsText("would be running");
        office().post(
                        "/runs/" + run.id().value() + "/pause",
                        Value.from(Map.of("reason", "the index is moved")));
        dialog.getByText("Retry", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(dialog).containsText("Nothing was done: look again");
        assertThat(dialog.getByLabel("What changed since")).containsText("the index is moved");
        assertThat(dialog.locator(".preview")).containsText("would be paused");
        // The browser notes that the server refused what was stale.
        pardoned();
        office().refuse(false);
        sure("Retry");
        told("Resume", "Resume");
        isAt("succeeded");
    }

    @Test
    void an_approval_says_what_will_happen_and_is_given_by_the_keyboard_alone() throws Exception {
        var run = office().begin("refund", Map.of("order", "A7", "amount", 12.5));
        page().navigate("/runs");
        assertThat(page().getByRole(AriaRole.HEADING, named("Runs"))).isVisible();
        page().keyboard().press("g");
        page().keyboard().press("i");
        assertThat(page()).hasURL(Pattern.compile("/inbox"));
        var card = page().locator("[data-question^='" + run.id().value() + "']");
        assertThat(card).isVisible();
        assertThat(card).containsText("Exactly this will happen");
        assertThat(card).containsText("12.5");
        page().keyboard().press("j");
        assertThat(card).isFocused();
        page().keyboard().press("g");
        page().keyboard().press("a");
        assertThat(page().getByRole(AriaRole.HEADING, named("Agents"))).isVisible();
        page().keyboard().press("g");
        page().keyboard().press("i");
        assertThat(card).containsText("Exactly this will happen");
        page().keyboard().press("j");
        page().keyboard().press("a");
        assertThat(card).containsText("approved");
        assertThat(run.await(Duration.ofSeconds(20))).isPresent();

        // What somebody edits is what the agent gets.
        var other = office().begin("refund", Map.of("order", "A7", "amount", 1250));
        var second = page().locator("[data-question^='" + other.id().value() + "']");
        second.focus();
        page().keyboard().press("e");
        second.locator("textarea")
                .fill("{\"order\": \"A7\", \"amount\": 125, \"account\": \"OPS\"}");
        second.getByText("Approve the edited input").click();
        assertThat(second).containsText("approved, edited");
        assertThat(other.await(Duration.ofSeconds(20))).isPresent();
        var paid = office().get("/runs/" + other.id().value() + "/tasks/pay");
        assertThat(String.valueOf(field(paid, "input"))).contains("125").doesNotContain("1250");
    }

    @Test
    void a_question_that_is_decided_elsewhere_says_so_and_keeps_its_place() throws Exception {
        var run = office().begin("refund", Map.of("order", "A8", "amount", 3));
        show(run);
        page().locator(".run-state").getByText("Answer").click();
        assertThat(page()).hasURL(Pattern.compile("/inbox#" + run.id().value()));
        var card = page().locator("[data-question^='" + run.id().value() + "']");
        assertThat(card).isFocused();
        var id = card.getAttribute("data-question");
        run.answer(Long.parseLong(id.substring(id.lastIndexOf('.') + 1)), Value.text("deny"), "");
        assertThat(card).containsText(Pattern.compile("deny by|denied by"));
        assertThat(card.getByRole(AriaRole.BUTTON)).hasCount(0);
    }

    @Test
    void a_card_says_who_may_decide_until_when_and_how_many_must_and_shows_what_will_happen()
            throws Exception {
        var run = office().begin("payroll", Map.of());
        page().navigate("/inbox");
        var card = page().locator("[data-question^='" + run.id().value() + "']");
        assertThat(card).containsText("alice is asked, then ops");
        assertThat(card).containsText("whoever may approve can decide");
        assertThat(card).containsText(Pattern.compile("5\\d m .*left → then: ops is asked"));
        assertThat(card).containsText("needs 2 people: 0 of 2");
        assertThat(card).containsText("high risk");
        context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        card.getByLabel("Copy a link to the question").click();
        assertThat(page().getByText("Copied the link")).isVisible();
        assertThat((String) page().evaluate("navigator.clipboard.readText()"))
                .endsWith("/inbox#" + card.getAttribute("data-question"));
        // Who agreed before would not have seen an edit.
        assertThat(card.locator("[data-key=e]")).isDisabled();
        // What will happen is read, not parsed.
        var table = card.locator(".will table");
        assertThat(table.locator("tbody tr")).hasCount(2);
        assertThat(table.locator("tbody tr").nth(1)).containsText("30");
        assertThat(card.locator(".will")).containsText("ada, bo");
        assertThat(card.locator(".will").getByText(Pattern.compile("[{\\[\"]"))).hasCount(0);
        // Who walks through the page with Enter decides nothing.
        card.focus();
        page().keyboard().press("Enter");
        card.locator("[data-key=a]").focus();
        page().keyboard().press("Enter");
        assertThat(card).containsText("Enter alone decides nothing of high risk");
        assertThat(card).containsText("needs 2 people: 0 of 2");
        page().keyboard().press("a");
        assertThat(card).containsText("needs 2 people: 1 of 2 (operator approved)");
        var id = Objects.requireNonNull(card.getAttribute("data-question"));
        run.answer(
                Long.parseLong(id.substring(id.lastIndexOf('.') + 1)), Value.text("approve"), "");
        assertThat(card.locator("[data-key]")).hasCount(0);
        assertThat(run.await(Duration.ofSeconds(20))).isPresent();
    }
}

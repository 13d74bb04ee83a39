package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What people are asked.
class InboxTest extends OnThePage {
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

package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Media;
import com.microsoft.playwright.options.ReducedMotion;
import dev.tutti.Run;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// What people do on the page. After each test the browser must not have complained: no error on
/// its console, nothing that the content security policy refused.
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DashboardTest {
    private static final double SOON = 15_000;
    private static final String QUESTION = "What does a write-ahead log change for readers?";

    private @Nullable Chromium chromium;
    private @Nullable Office started;
    private @Nullable String session;
    private @Nullable BrowserContext context;
    private @Nullable Page opened;
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    void start() throws IOException {
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(SOON);
        started = new Office();
        // Whoever opens the link with the token is in; the tests go on from there.
        try (var entered = fresh(1280, 800)) {
            page(entered);
            session = entered.storageState();
        }
    }

    @AfterAll
    void end() {
        if (started != null) {
            started.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void enter() {
        office().open();
        office().refuse(false);
        complaints.clear();
        context = fresh(1280, 800, session);
        opened = watched(context);
    }

    @AfterEach
    void nothing_was_complained_about() {
        if (context != null) {
            context.close();
        }
        assertThat(complaints).isEmpty();
    }

    private Office office() {
        if (started == null) {
            throw new AssertionError("no server");
        }
        return started;
    }

    private Page page() {
        if (opened == null) {
            throw new AssertionError("no page");
        }
        return opened;
    }

    /// A browser of somebody who has the token.
    private BrowserContext fresh(int width, int height) {
        return fresh(width, height, null);
    }

    /// @param session of one who is in already, or null
    private BrowserContext fresh(int width, int height, @Nullable String session) {
        if (chromium == null) {
            throw new AssertionError("no browser");
        }
        var made =
                chromium.browser()
                        .newContext(
                                new Browser.NewContextOptions()
                                        .setViewportSize(width, height)
                                        .setReducedMotion(ReducedMotion.REDUCE)
                                        .setStorageState(session)
                                        .setBaseURL(office().address()));
        made.setDefaultTimeout(SOON);
        made.addInitScript(
                "addEventListener('securitypolicyviolation', e => console.error('CSP: ' +"
                        + " e.violatedDirective + ' ' + e.blockedURI))");
        return made;
    }

    private Page page(BrowserContext in) {
        var page = watched(in);
        page.navigate("/runs#token=" + Office.TOKEN);
        assertThat(page.getByRole(AriaRole.HEADING, named("Runs"))).isVisible();
        return page;
    }

    /// A page whose complaints are heard.
    private Page watched(BrowserContext in) {
        var page = in.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(complaints::add);
        return page;
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Page.GetByRoleOptions beginning(String name) {
        return new Page.GetByRoleOptions().setName(Pattern.compile("^" + name));
    }

    private Locator button(String name) {
        return page().getByRole(AriaRole.BUTTON, beginning(name));
    }

    private void isAt(String status) {
        assertThat(page().locator(".run-state strong")).hasText(status);
    }

    private Locator node(String task) {
        return page().locator("[data-task='" + task + "']");
    }

    private void nodeIsAt(String task, String state) {
        assertThat(node(task)).hasAttribute("data-state", state);
    }

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

    private void show(Run run) {
        page().navigate("/runs/" + run.id().value());
        assertThat(page().locator(".run-state")).isVisible();
    }

    // ---- watching

    @Test
    void a_run_is_started_on_the_page_and_watched_to_its_end_without_a_reload() {
        office().shut();
        page().navigate("/new");
        page().evaluate("window.same = true");
        page().locator(".workflows").getByText("answer").click();
        assertThat(button("Start")).isDisabled();
        page().getByLabel("question").fill(QUESTION);
        page().getByText("Budget", new Page.GetByTextOptions().setExact(true)).click();
        page().getByLabel("usd").fill("much");
        button("Check").click();
        assertThat(page().getByText("usd takes a number")).isVisible();
        page().getByLabel("usd").fill("");
        page().getByLabel("attempts").fill("90");
        button("Check").click();
        assertThat(page().getByText("begin like this, within 90 attempts")).isVisible();
        button("Start").click();
        assertThat(node("read")).isVisible();
        nodeIsAt("read", "succeeded");
        nodeIsAt("check", "running");
        nodeIsAt("answer", "waiting");
        office().open();
        isAt("succeeded");
        nodeIsAt("answer", "succeeded");
        assertThat(page().locator("[aria-live=polite]")).hasText("The run is succeeded.");
        page().keyboard().press("4");
        assertThat(page().locator(".budget")).containsText("of 90");
        assertThat(page().evaluate("window.same === true")).isEqualTo(true);
    }

    @Test
    void a_goal_shows_its_first_plan_and_what_it_may_cost_before_it_is_begun() {
        page().navigate("/new?workflow=brief");
        assertThat(button("Plan it")).isDisabled();
        page().getByLabel("query").fill("tea");
        button("Plan it").click();
        assertThat(page().getByText("Planned by search")).isVisible();
        assertThat(node("retrieve")).isVisible();
        assertThat(node("summarize")).isVisible();
        assertThat(page().locator(".forecast").getByText("succeeds in")).isVisible();
        assertThat(page().getByText("nothing else has been spent")).isVisible();
        page().getByLabel("query").fill("coffee");
        assertThat(page().getByText("the plan for other inputs")).isVisible();
        button("Plan again").click();
        assertThat(page().getByText("the plan for other inputs")).isHidden();
        button("Start").click();
        assertThat(page().locator(".run-state")).isVisible();
        assertThat(node("plan").locator(".node-pin")).isVisible();
        assertThat(node("summarize")).isVisible();
    }

    @Test
    void the_team_file_is_edited_with_completion_faults_at_the_character_and_its_plan_beside_it() {
        page().navigate("/new?workflow=answer");
        button("Team file").click();
        var text = page().locator(".cm-content");
        assertThat(text).containsText("tutti: 1");
        assertThat(node("check")).isVisible();
        var places =
                "() => [...document.querySelectorAll('[data-task]')].filter(n => n.dataset.task !=="
                        + " 'note').map(n => { const r = n.getBoundingClientRect(); return"
                        + " n.dataset.task + ' ' + r.x + ' ' + r.y })";
        var before = page().evaluate(places);
        page().evaluate(
                        """
                        () => {
                          addEventListener('keydown', () => { window.keyed = performance.now(); }, true);
                          new MutationObserver((_, watch) => {
                            if (document.querySelector("[data-task='note']")) { window.took = performance.now() - window.keyed; watch.disconnect(); }
                          }).observe(document.body, { childList: true, subtree: true });
                        }
                        """);
        write("note: { sk");
        var offered = page().locator(".cm-tooltip-autocomplete");
        assertThat(offered.getByText("skill", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        // The list takes no key in its first moments, so that nobody accepts unread.
        page().waitForTimeout(80);
        page().keyboard().press("Enter");
        page().keyboard().type("ver");
        assertThat(offered.getByText("verify")).isVisible();
        page().waitForTimeout(80);
        page().keyboard().press("Enter");
        page().keyboard().insertText(", input: { notes: [] } ");
        page().keyboard().type("}");
        assertThat(node("note")).isVisible();
        assertThat(page().evaluate(places)).isEqualTo(before);
        double took = ((Number) page().evaluate("window.took")).doubleValue();
        System.out.println("dashboard, redrawn " + Math.round(took) + " ms after the last key");
        // The figure to reach is 300 ms; a machine that builds at the same time gets more.
        assertThat(took).isLessThan(1_500);
        page().keyboard().press("Backspace");
        page().keyboard().press("Backspace");
        page().keyboard().insertText(", retri: 1 }");
        var faults = page().locator(".team-faults");
        assertThat(faults).containsText("write `retry`".replace("`", ""));
        assertThat(page().locator(".cm-lintRange-error")).hasText("retri");
        assertThat(page().getByText("the last text that was sound")).isVisible();
        assertThat(node("note")).isVisible();
        page().keyboard().press("Control+Home");
        faults.getByRole(AriaRole.BUTTON).first().click();
        assertThat(page().locator(".cm-activeLine")).containsText("retri");
        // Nothing of it is kept: the server begins what its own file says.
        button("Inputs").click();
        assertThat(node("check")).isVisible();
        assertThat(node("note")).hasCount(0);
    }

    /// Writes a line below the last task of the workflow `answer` in the editor.
    private void write(String text) {
        // Only lines in sight are in the page.
        page().locator(".cm-scroller").evaluate("scroller => scroller.scrollTop = 500");
        page().locator(".cm-line", new Page.LocatorOptions().setHasText("answer: { skill: compose"))
                .click();
        page().keyboard().press("End");
        page().keyboard().press("Enter");
        page().keyboard().insertText(text.substring(0, text.length() - 1));
        page().keyboard().type(text.substring(text.length() - 1));
    }

    @Test
    void tasks_of_a_run_are_pinned_in_a_new_one_that_takes_what_they_gave() throws Exception {
        var old = office().answer();
        old.await();
        page().navigate("/new?like=" + old.id().value());
        var pins = page().getByRole(AriaRole.GROUP, beginning("Pin tasks to what they gave"));
        pins.getByLabel("search").check();
        node("read").click();
        assertThat(pins.getByLabel("read")).isChecked();
        assertThat(node("read").locator(".node-pin")).isVisible();
        assertThat(page()).hasURL(Pattern.compile("pin=search%2Cread"));
        button("Check").click();
        assertThat(page().getByText("with search, read pinned")).isVisible();
        button("Start").click();
        isAt("succeeded");
        assertThat(page().locator(".figure-money")).hasText("$0.00");
        assertThat(node("read").locator(".node-pin")).isVisible();
        node("read").click();
        assertThat(page().locator("[data-pin]")).containsText("as operator had it");
        assertThat(page().locator("[data-pin]")).containsText("Nobody was asked");
        page().locator("[data-pin] a").click();
        assertThat(page()).hasURL(Pattern.compile(old.id().value()));
    }

    @Test
    void each_view_shows_something_true_from_the_first_event_on() throws Exception {
        var run = office().answer();
        run.await();
        for (int at : List.of(1, 2, 5)) {
            page().navigate("/runs/" + run.id().value() + "?at=" + at);
            for (var tab : List.of("1", "2", "3", "4", "5")) {
                page().keyboard().press(tab);
                var shown = page().locator("#run-view");
                assertThat(page().locator("[role=tab][aria-selected=true]"))
                        .hasAttribute("title", tab);
                assertThat(shown).containsText(Pattern.compile("\\w{3}"));
                assertThat(shown)
                        .not()
                        .containsText(Pattern.compile("Invalid|NaN|undefined|Infinity"));
            }
            page().keyboard().press("1");
            assertThat(page().locator(".run-state")).containsText(Pattern.compile("\\w{3}"));
        }
        // All of the plan is drawn, also what has not begun, and how wide it will be is said.
        assertThat(page().locator(".node")).hasCount(4);
        assertThat(page().locator(".node.s-planned[data-task='answer']")).isVisible();
        assertThat(node("read")).containsText("one for each of search.passages");
    }

    @Test
    void the_picture_holds_still_while_its_run_goes_on() throws Exception {
        office().shut();
        var run = office().answer();
        page().addInitScript(
                        """
                        window.shift = 0;
                        window.shifted = [];
                        new PerformanceObserver(list => list.getEntries().forEach(e => {
                          window.shift += e.value;
                          e.sources.forEach(s => window.shifted.push(e.value + ' ' + s.node?.className));
                        })).observe({ type: 'layout-shift', buffered: true });
                        """);
        show(run);
        nodeIsAt("check", "running");
        var middle = page().locator(".react-flow__pane").boundingBox();
        page().mouse().move(middle.x + 40, middle.y + 40);
        page().mouse().wheel(0, -120);
        page().mouse().down();
        page().mouse().move(middle.x + 90, middle.y + 70);
        page().mouse().up();
        assertThat(page().getByText("Following off")).isVisible();
        var places =
                "() => [...document.querySelectorAll('[data-task]')].map(n => { const r ="
                        + " n.getBoundingClientRect(); return n.dataset.task + ' ' + r.x + ' ' + r.y"
                        + " })";
        var before = page().evaluate(places);
        office().open();
        isAt("succeeded");
        assertThat(page().evaluate(places)).isEqualTo(before);
        // All that moved since the page was opened, also right after what a hand did.
        assertThat(((Number) page().evaluate("window.shift")).doubleValue())
                .as(() -> String.valueOf(page().evaluate("window.shifted.join('; ')")))
                .isLessThan(0.02);
        page().reload();
        assertThat(node("read")).isVisible();
        assertThat(page().evaluate(places)).as("after a reload").isEqualTo(before);
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
    void a_view_that_comes_late_is_not_the_last_word() throws Exception {
        office().shut();
        var run = office().answer();
        page().route(
                        Pattern.compile("/view$"),
                        route -> {
                            var early = route.fetch();
                            office().open();
                            try {
                                run.await();
                                TimeUnit.MILLISECONDS.sleep(800);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            route.fulfill(new Route.FulfillOptions().setResponse(early));
                        },
                        new Page.RouteOptions().setTimes(1));
        show(run);
        nodeIsAt("answer", "succeeded");
        isAt("succeeded");
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

    @Test
    void a_run_is_unrolled_into_what_ran_where_nodes_keep_their_places_and_lead_to_attempts()
            throws Exception {
        office().shut();
        office().refuse(true);
        var run = office().answer();
        page().navigate("/runs/" + run.id().value());
        assertThat(node("read")).isVisible();
        page().keyboard().press("v");
        assertThat(page()).hasURL(Pattern.compile("graph=ran"));
        nodeIsAt("read[23]", "succeeded");
        nodeIsAt("check", "running");
        assertThat(page().locator(".react-flow__node")).hasCount(28);
        var places =
                "() => [...document.querySelectorAll('[data-task]')].filter(n => !n.dataset.task"
                        + ".includes('#')).map(n => { const r = n.getBoundingClientRect(); return"
                        + " n.dataset.task + ' ' + r.x + ' ' + r.y })";
        // The first selection ends following: from then on only a hand moves the picture.
        node("read[3]").focus();
        page().keyboard().press("ArrowDown");
        assertThat(node("read[4]")).isFocused();
        page().keyboard().press("Enter");
        assertThat(page().locator(".drawer h2")).hasText("read[4]");
        page().keyboard().press("Escape");
        var before = page().evaluate(places);
        office().open();
        nodeIsAt("check", "failed");
        nodeIsAt("check#2", "failed");
        assertThat(page().evaluate(places)).isEqualTo(before);
        assertThat(button("1 new node")).isVisible();
        node("check").dispatchEvent("click");
        assertThat(page())
                .hasURL(Pattern.compile("task=check&attempt=\\d+|attempt=\\d+.*task=check"));
        var attempts = page().locator(".attempts > li > details");
        assertThat(attempts.first()).hasAttribute("open", "");
        assertThat(attempts.last()).not().hasAttribute("open", "");
        page().reload();
        assertThat(node("check")).hasAttribute("aria-pressed", "true");
        assertThat(attempts.first()).hasAttribute("open", "");
        page().getByLabel("Event", new Page.GetByLabelOptions().setExact(true)).fill("3");
        assertThat(node("check#2")).hasCount(0);
        nodeIsAt("read[0]", "waiting");
        button("List").click();
        assertThat(page().getByRole(AriaRole.TABLE, named("Tasks as they ran")).locator("tbody tr"))
                .hasCount(5);
        button("Picture").click();
    }

    // ---- the past

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
    void a_run_saved_as_a_file_has_the_same_views_without_a_server(@TempDir Path folder)
            throws Exception {
        var run = office().opinions();
        var file = saved(run, folder);
        long head = sequence(office().get(view(run, 0)));
        try (var alone = fresh(1280, 800)) {
            alone.setOffline(true);
            var page = watched(alone);
            page.navigate(file.toUri() + "?task=draw");
            assertThat(page.locator(".run-state strong")).hasText("succeeded");
            assertThat(page.locator("[data-task='weigh']")).hasAttribute("data-state", "succeeded");
            var drawer = page.locator(".drawer");
            assertThat(drawer).containsText("What it was given, and why");
            drawer.getByText("dot.png").click();
            assertThat(
                            drawer.locator(".artifact-image")
                                    .evaluate("i => i.decode().then(() => i.naturalWidth)"))
                    .isEqualTo(1);
            drawer.getByText("page.html").click();
            assertThat(drawer.locator(".artifact-text").last()).containsText("<script>");
            drawer.getByText("Made of").click();
            assertThat(page.getByText("Retry…")).isHidden();
            page.keyboard().press("2");
            assertThat(page.locator(".timeline-canvas")).isVisible();
            page.keyboard().press("3");
            assertThat(page.locator(".event").last()).containsText("succeeded");
            page.keyboard().press("4");
            assertThat(page.getByText("By agent")).isVisible();
            page.keyboard().press("1");
            page.keyboard().press("[");
            assertThat(page.locator(".run-state strong")).hasText("running");
            assertThat(page.locator(".slider-text")).containsText("event " + (head - 1));
            assertThat(drawer).containsText("This file does not hold");
            page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            assertThat(page.locator("#plain")).isVisible();
            assertThat(page.locator("#root")).isHidden();
        }
        try (var plain = withoutScripts()) {
            var page = watched(plain);
            page.navigate(file.toUri().toString());
            assertThat(page.locator("#plain")).containsText("succeeded in");
            assertThat(page.locator("#plain svg").first()).isVisible();
        }
    }

    /// The file of a run, as the page gives it.
    private Path saved(Run run, Path folder) {
        show(run);
        page().locator(".menu summary").click();
        var saved = page().waitForDownload(() -> page().getByText("Save as a file").click());
        var file = folder.resolve("run.html");
        saved.saveAs(file);
        return file;
    }

    private BrowserContext withoutScripts() {
        if (chromium == null) {
            throw new AssertionError("no browser");
        }
        return chromium.browser()
                .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false));
    }

    // ---- stepping in

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
        complaints.clear();
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
        complaints.clear();
        office().refuse(false);
        sure("Retry");
        told("Resume", "Resume");
        isAt("succeeded");
    }

    /// Confirms in the dialog what the dry run said.
    private void sure(String button) {
        var dialog = page().getByRole(AriaRole.DIALOG);
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
        assertThat(dialog).hasCount(0);
    }

    private void told(String verb, String button) {
        page().locator(".run-verbs").getByText(verb + "…").click();
        page().getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
        assertThat(page().getByRole(AriaRole.DIALOG)).hasCount(0);
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

    // ---- getting around

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
        java.util.Objects.requireNonNull(context)
                .grantPermissions(List.of("clipboard-read", "clipboard-write"));
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
    void a_run_within_has_its_way_back_and_what_it_cost_counts_above() throws Exception {
        var run = office().begin("nested", Map.of());
        run.await();
        page().navigate("/runs/" + run.id().value() + "?task=inner");
        var spent = page().locator(".figure-money").textContent();
        page().locator(".drawer .child-run a").click();
        assertThat(node("read")).isVisible();
        assertThat(page().locator(".figure-money")).hasText(spent);
        var crumbs = page().getByRole(AriaRole.NAVIGATION, named("Where this is"));
        assertThat(crumbs).containsText("nested");
        crumbs.getByText("inner").click();
        assertThat(page().locator(".drawer h2")).hasText("inner");
        assertThat(page()).hasURL(Pattern.compile(run.id().value()));
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
    void tabs_of_one_browser_share_one_stream() throws Exception {
        office().shut();
        var run = office().answer();
        show(run);
        var others = new ArrayList<Page>();
        for (int i = 0; i < 7; i++) {
            var other = java.util.Objects.requireNonNull(context).newPage();
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
        var wrong = java.util.Objects.requireNonNull(context).newPage();
        wrong.navigate("/runs/01ZZZZZZZZZZZZZZZZZZZZZZZZ");
        assertThat(wrong.getByText("There is no such run")).isVisible();
        office().open();
        isAt("succeeded");
        assertThat(page().getByText("Not live since")).isHidden();
    }

    // ---- for everybody

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
        }
        page.navigate("/runs/" + run.id().value());
        assertThat(page.getByRole(AriaRole.TABLE, named("Tasks"))).isVisible();
        phone.close();
    }

    // ---- large runs

    @Test
    void a_run_of_many_tasks_is_folded_and_soon_there() throws Exception {
        int items = Integer.getInteger("dashboard.items", 500);
        var run = office().begin("many", Map.of("items", items));
        run.await();
        page().navigate("/runs/" + run.id().value());
        assertThat(node("second")).isVisible();
        nodeIsAt("second", "succeeded");
        assertThat(page().locator(".strip canvas")).isVisible();
        var figures =
                JsonParser.parseString(
                                (String)
                                        page().evaluate(
                                                        """
                                                        () => JSON.stringify({
                                                          paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
                                                          bytes: performance.getEntriesByType('resource').filter(e => !e.name.includes('elk')).reduce((n, e) => n + e.encodedBodySize, 0),
                                                          api: performance.getEntriesByType('resource').filter(e => e.name.includes('/api/')).reduce((n, e) => n + e.encodedBodySize, 0),
                                                          nodes: document.querySelectorAll('.react-flow__node').length,
                                                          elements: document.querySelectorAll('*').length })
                                                        """))
                        .getAsJsonObject();
        System.out.println("dashboard, " + (2 * items + 2) + " tasks: " + figures);
        assertThat(figures.get("nodes").getAsInt()).isEqualTo(4);
        assertThat(figures.get("elements").getAsInt()).isLessThan(700);
        assertThat(figures.get("api").getAsInt()).isLessThan(300 << 10);
        // The journal is not read before somebody looks at it.
        assertThat(
                        page().evaluate(
                                        "performance.getEntriesByType('resource').filter(e =>"
                                                + " e.name.includes('/events')).length"))
                .isEqualTo(0);
        // The figure to reach is 2 s; a machine that builds at the same time gets twice that.
        assertThat(figures.get("paint").getAsDouble()).isLessThan(4_000);
        textIsReadOrLeftOut();
        node("second").click();
        assertThat(page().locator(".item")).hasCount(50);
        button("Show 50 more").click();
        assertThat(page().locator(".item")).hasCount(100);
        page().getByLabel("Find items").fill("thing 499");
        assertThat(page().locator(".item")).hasCount(1);
        page().keyboard().press("Escape");
        long before = System.nanoTime();
        button("As it ran").click();
        assertThat(page().locator(".react-flow__node")).hasCount(300);
        assertThat(node("second[…]")).containsText("more");
        System.out.println(
                "dashboard, as it ran: 300 nodes after "
                        + Duration.ofNanos(System.nanoTime() - before).toMillis()
                        + " ms");
        // By the server, once: the figures to reach are 100 ms and 500 ms for 5,000 tasks.
        assertThat(millis("/runs/" + run.id().value() + "/path")).isLessThan(2_000);
        assertThat(millis("/diff?run=" + run.id().value() + "&other=" + run.id().value()))
                .isLessThan(3_000);
        page().keyboard().press("2");
        assertThat(page().locator(".trow")).hasCount(4);
        button("Open first").click();
        assertThat(page().getByText("thing 3", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(page().locator(".trow").count()).isLessThan(60);
    }

    private long millis(String path) throws Exception {
        long began = System.nanoTime();
        office().get(path);
        long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
        System.out.println(
                "dashboard, " + path.replaceAll("\\w{26}", "RUN") + " in " + took + " ms");
        return took;
    }

    /// A picture that is further away has less text, and none that is too small.
    private void textIsReadOrLeftOut() {
        var levels = new ArrayList<String>();
        for (int i = 0; i < 9; i++) {
            levels.add(page().locator(".levels").getAttribute("data-level"));
            var smallest =
                    (Number)
                            page().evaluate(
                                            """
                                            () => Math.min(99, ...[...document.querySelectorAll('.node *')].filter(e => e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
                                                && !e.closest('.unseen') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => parseFloat(getComputedStyle(e).fontSize)
                                                * e.closest('.node').getBoundingClientRect().width / e.closest('.node').offsetWidth))
                                            """);
            assertThat(smallest.doubleValue()).as(levels.toString()).isGreaterThanOrEqualTo(9.5);
            page().getByLabel("Further", new Page.GetByLabelOptions().setExact(true)).click();
        }
        assertThat(levels).contains("card", "chip", "mark");
        page().keyboard().press(".");
    }

    // ---- pictures

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

    private void picture(String name) {
        picture(page(), name);
    }

    private static void picture(Page of, String name) {
        of.evaluate("document.fonts.ready");
        of.waitForTimeout(250);
        of.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(images().resolve("dashboard-" + name + ".png")));
    }

    private static String view(Run run, long at) {
        return "/runs/" + run.id().value() + "/view" + (at == 0 ? "" : "?at=" + at);
    }

    private static Value field(Value.Struct of, String name) {
        return java.util.Objects.requireNonNull(of.get(name), name);
    }

    private static long sequence(Value.Struct view) {
        return ((Value.Int) field(view, "sequence")).value();
    }

    /// Those of the documents are written with `-Ddashboard.images`; otherwise they are only taken.
    private static Path images() {
        return Boolean.getBoolean("dashboard.images")
                ? Path.of("..", "docs", "images")
                : Path.of("target", "images");
    }
}

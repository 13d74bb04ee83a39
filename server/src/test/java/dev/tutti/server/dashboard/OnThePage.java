package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import dev.tutti.Run;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What people do on the page. After each test the browser must not have complained: no error on
/// its console, nothing that the content security policy refused.
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class OnThePage {
    static final double SOON = 15_000;

    static final String QUESTION = "What does a write-ahead log change for readers?";

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

    Office office() {
        if (started == null) {
            throw new AssertionError("no server");
        }
        return started;
    }

    Page page() {
        if (opened == null) {
            throw new AssertionError("no page");
        }
        return opened;
    }

    BrowserContext context() {
        if (context == null) {
            throw new AssertionError("no browser");
        }
        return context;
    }

    /// Another tab of the same browser.
    Page tab() {
        return context().newPage();
    }

    /// What was complained about until now was meant to be.
    void pardoned() {
        complaints.clear();
    }

    /// A browser of somebody who has the token.
    BrowserContext fresh(int width, int height) {
        return fresh(width, height, null);
    }

    /// @param session of one who is in already, or null
    BrowserContext fresh(int width, int height, @Nullable String session) {
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

    Page page(BrowserContext in) {
        var page = watched(in);
        page.navigate("/runs#token=" + Office.TOKEN);
        assertThat(page.getByRole(AriaRole.HEADING, named("Runs"))).isVisible();
        return page;
    }

    BrowserContext withoutScripts() {
        if (chromium == null) {
            throw new AssertionError("no browser");
        }
        return chromium.browser()
                .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false));
    }

    /// A page whose complaints are heard.
    Page watched(BrowserContext in) {
        var page = in.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(complaints::add);
        return page;
    }

    static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    static Page.GetByRoleOptions beginning(String name) {
        return new Page.GetByRoleOptions().setName(Pattern.compile("^" + name));
    }

    Locator button(String name) {
        return page().getByRole(AriaRole.BUTTON, beginning(name));
    }

    void isAt(String status) {
        assertThat(page().locator(".run-state strong")).hasText(status);
    }

    Locator node(String task) {
        return page().locator("[data-task='" + task + "']");
    }

    void nodeIsAt(String task, String state) {
        assertThat(node(task)).hasAttribute("data-state", state);
    }

    void show(Run run) {
        page().navigate("/runs/" + run.id().value());
        assertThat(page().locator(".run-state")).isVisible();
    }

    /// Writes a line below the last task of the workflow `answer` in the editor.
    void write(String text) {
        // Only lines in sight are in the page.
        page().locator(".cm-scroller").evaluate("scroller => scroller.scrollTop = 500");
        page().locator(".cm-line", new Page.LocatorOptions().setHasText("answer: { skill: compose"))
                .click();
        page().keyboard().press("End");
        page().keyboard().press("Enter");
        page().keyboard().insertText(text.substring(0, text.length() - 1));
        page().keyboard().type(text.substring(text.length() - 1));
    }

    /// The file of a run, as the page gives it.
    Path saved(Run run, Path folder) {
        show(run);
        page().locator(".menu summary").click();
        var saved = page().waitForDownload(() -> page().getByText("Save as a file").click());
        var file = folder.resolve("run.html");
        saved.saveAs(file);
        return file;
    }

    /// Confirms in the dialog what the dry run said.
    void sure(String button) {
        var dialog = page().getByRole(AriaRole.DIALOG);
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
        assertThat(dialog).hasCount(0);
    }

    void told(String verb, String button) {
        page().locator(".run-verbs").getByText(verb + "…").click();
        page().getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
        assertThat(page().getByRole(AriaRole.DIALOG)).hasCount(0);
    }

    void picture(String name) {
        picture(page(), name);
    }

    static void picture(Page of, String name) {
        of.evaluate("document.fonts.ready");
        of.waitForTimeout(250);
        of.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(images().resolve("dashboard-" + name + ".png")));
    }

    static Value field(Value.Struct of, String name) {
        return Objects.requireNonNull(of.get(name), name);
    }

    /// Those of the documents are written with `-Ddashboard.images`; otherwise they are only taken.
    static Path images() {
        return Boolean.getBoolean("dashboard.images")
                ? Path.of("..", "docs", "images")
                : Path.of("target", "images");
    }

    static String view(Run run, long at) {
        return "/runs/" + run.id().value() + "/view" + (at == 0 ? "" : "?at=" + at);
    }

    static long sequence(Value.Struct view) {
        return ((Value.Int) field(view, "sequence")).value();
    }
}

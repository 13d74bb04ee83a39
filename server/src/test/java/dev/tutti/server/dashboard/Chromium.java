package dev.tutti.server.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One browser for all tests of a class: the one that is on the machine, driven by the driver that
/// was installed for the page.
final class Chromium implements AutoCloseable {
    private static final Path MODULES = Path.of("target/web/node_modules");
    private static final Path DRIVER = Path.of("target/playwright");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// Starts it, or skips aloud.
    static Chromium start() throws IOException {
        var node = program("node");
        var chromium = program("chromium");
        var page = Chromium.class.getResource("/dev/tutti/server/web/index.html");
        boolean all = node.isPresent() && chromium.isPresent() && page != null;
        if (!all) {
            System.out.println(
                    "SKIPPED: the dashboard in a real browser needs node, npm and chromium on the PATH");
        }
        assumeTrue(all, "no browser");
        linkDriver();
        System.setProperty("playwright.cli.dir", DRIVER.toAbsolutePath().toString());
        var playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(
                                        Map.of(
                                                "PLAYWRIGHT_NODEJS_PATH",
                                                node.orElseThrow().toString(),
                                                "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                                                "1")));
        var browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(chromium.orElseThrow())
                                        .setArgs(
                                                List.of(
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--disable-quic",
                                                        "--disable-background-networking",
                                                        "--disable-component-update",
                                                        "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    /// Two classes of tests may begin at the same time.
    private static synchronized void linkDriver() throws IOException {
        Files.createDirectories(DRIVER);
        var link = DRIVER.resolve("package");
        var core = MODULES.resolve("playwright-core").toAbsolutePath();
        if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(core)) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, core);
        }
    }

    Browser browser() {
        return browser;
    }

    /// A script of a package that is installed beside the page.
    static String script(String path) throws IOException {
        return Files.readString(MODULES.resolve(path));
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}

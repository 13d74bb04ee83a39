package dev.tutti.server.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// How long a hand or an eye waits. Alone on the machine, since it measures.
@Isolated
class SmoothTest extends OnThePage {
    /// Tells how long the page's thread was taken, and from when to when a layout was under way.
    private static final String WATCH =
            """
            window.blocks = [];
            window.layouts = [];
            new PerformanceObserver(list => list.getEntries().forEach(e => blocks.push([e.startTime, e.startTime + e.duration])))
              .observe({ type: 'longtask', buffered: true });
            window.Worker = class extends Worker {
              constructor(...all) {
                super(...all);
                this.addEventListener('message', m => { const one = layouts.find(l => l.id === m.data.id && l.cmd === 'layout'); if (one) one.to = performance.now(); });
              }
              postMessage(m) {
                if (m.cmd === 'layout') layouts.push({ id: m.id, cmd: m.cmd, from: performance.now(), nodes: m.graph.children.length });
                super.postMessage(m);
              }
            };
            window.longest = (from, to) => Math.max(0, ...blocks.filter(([a, b]) => b > from && a < to).map(([a, b]) => b - a));
            """;

    @Test
    void the_page_is_free_while_the_largest_picture_is_laid_out(@TempDir Path folder)
            throws Exception {
        var run = office().begin(Tangle.of(300, folder), "tangle");
        run.await();
        page().addInitScript(WATCH);
        show(run);
        assertThat(page().locator(".react-flow__node")).hasCount(300);
        page().waitForTimeout(300);
        page().keyboard().press("t");
        page().evaluate("() => new Promise(done => { const look = () => layouts[2]?.to ? done() : setTimeout(look, 20); look(); })");
        // A block is told of a moment after it is over.
        page().waitForTimeout(300);
        var figures = JsonParser.parseString((String) page().evaluate(
                """
                JSON.stringify({ nodes: layouts[2].nodes, took: layouts[2].to - layouts[2].from, during: longest(layouts[2].from, layouts[2].to),
                  drawing: longest(layouts[1].to, layouts[2].from), moving: longest(layouts[2].to, Infinity) })
                """)).getAsJsonObject();
        System.out.println("dashboard, a layout: " + figures);
        assertThat(figures.get("nodes").getAsInt()).isEqualTo(300);
        assertThat(figures.get("during").getAsDouble()).isLessThan(100);
        // The figure to reach is 100 ms too; a machine that builds at the same time gets more.
        assertThat(figures.get("drawing").getAsDouble()).isLessThan(500);
    }
}

package dev.tutti.cli;

import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// Work that executors may still do once the answer is there, such as finishing an index, with a
/// bar of how far it is.
final class UpkeepBar {
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int CELLS = 24;

    private final Shell shell;
    private final Screen screen;
    private long drawnAt;

    UpkeepBar(Shell shell, Screen screen) {
        this.shell = shell;
        this.screen = screen;
    }

    /// Does what is left to do, until it is done or the user says stop.
    void run(Tutti tutti) throws Exception {
        shell.interrupts().listen();
        for (var upkeep : pending(tutti)) {
            drawnAt = 0;
            upkeep.run(
                    (done, of) -> draw(upkeep.title(), done, of), shell.interrupts()::interrupted);
            clear();
            if (shell.interrupts().interrupted()) {
                shell.say(
                        "   "
                                + upkeep.title()
                                + " goes on with the next run; what is done is kept");
                return;
            }
        }
    }

    /// Says what is left to do.
    void tell(Tutti tutti) {
        var left = pending(tutti);
        if (!left.isEmpty()) {
            shell.say(
                    "   left to do: "
                            + left.stream().map(Upkeep::title).collect(Collectors.joining(", "))
                            + " · `--upkeep always` does it after the answer");
        }
    }

    private static List<Upkeep> pending(Tutti tutti) {
        return tutti.upkeep().stream().filter(Upkeep::pending).toList();
    }

    private void draw(String title, long done, long of) {
        long now = System.nanoTime();
        if (!screen.terminal() || (drawnAt != 0 && now - drawnAt < BETWEEN.toNanos())) {
            return;
        }
        drawnAt = now;
        int full = of == 0 ? 0 : (int) (CELLS * Math.min(done, of) / of);
        var line =
                new Line()
                        .add("   " + Printable.line(title, 40) + "  ")
                        .add("▓".repeat(full) + "░".repeat(CELLS - full))
                        .add("  " + Figures.count(done) + "/" + Figures.count(of) + "   ")
                        .add(Ink.DIM, "Ctrl-C leaves the rest for next time");
        shell.draw(line.show(screen, screen.most()));
    }

    private void clear() {
        if (drawnAt != 0) {
            shell.draw("");
        }
    }
}

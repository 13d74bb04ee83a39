package dev.tutti.cli;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.view.Figures;
import java.util.concurrent.TimeUnit;

/// Says how far a command is once it has taken a second: a line that is redrawn on a terminal, and
/// one now and then elsewhere.
final class Progress implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(10);

    private final Shell shell;
    private final Screen screen;
    private final String what;
    private final String noun;
    private long due = System.nanoTime() + PATIENCE;
    private boolean drawn;

    /// @param what is being done, such as `reading`
    /// @param noun what is counted, such as `event`
    Progress(Shell shell, Screen screen, String what, String noun) {
        this.shell = shell;
        this.screen = screen;
        this.what = what;
        this.noun = noun;
    }

    void at(long done, long of) {
        long now = System.nanoTime();
        if (now < due) {
            return;
        }
        var said = what + "  " + Figures.count(done) + " of " + Figures.count(of, noun);
        if (screen.terminal()) {
            due = now + BETWEEN;
            drawn = true;
            var line = new Line().add(Ink.DIM, said);
            shell.draw(line.show(screen, screen.most()));
        } else {
            due = now + BETWEEN_LINES;
            shell.say(said);
        }
    }

    /// Leaves nothing of it on a terminal.
    @Override
    public void close() {
        clear();
    }

    /// Takes back what is drawn, before something else is printed.
    void clear() {
        if (drawn) {
            drawn = false;
            shell.draw("");
        }
    }
}

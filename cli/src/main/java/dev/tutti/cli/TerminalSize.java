package dev.tutti.cli;

import dev.tutti.cli.terminal.Screen;
import dev.tutti.cli.terminal.Signals;
import dev.tutti.cli.terminal.Streams;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The size of the terminal, asked for when it is first needed and again when the terminal says
/// that it changed.
final class TerminalSize implements Supplier<Screen.Size> {
    private volatile Screen.@Nullable Size known;
    private boolean listening;

    @Override
    public synchronized Screen.Size get() {
        if (!listening) {
            listening = true;
            Signals.handle("WINCH", () -> known = null);
        }
        var size = known;
        if (size == null) {
            size = Streams.size();
            known = size;
        }
        return size;
    }
}

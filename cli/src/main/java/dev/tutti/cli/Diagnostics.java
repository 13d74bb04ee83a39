package dev.tutti.cli;

import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.document.FaultsDocument;
import dev.tutti.teamfile.TeamFile;
import java.util.List;

/// What is wrong with a team file, for people and for programs.
final class Diagnostics {
    private static final int UNCUT = 1_000;

    private final Shell shell;
    private final Screen screen;

    Diagnostics(Shell shell, Screen screen) {
        this.shell = shell;
        this.screen = screen;
    }

    /// Says everything that is wrong with the file; returns whether it can be used.
    boolean say(TeamFile parsed) {
        if (!parsed.faults().isEmpty()) {
            int width = screen.terminal() ? screen.columns() : UNCUT;
            shell.say(List.of(screen.signs(parsed.render(screen.colour(), width).stripTrailing())));
        }
        return parsed.team().isPresent();
    }

    /// Says what else was found in the file.
    void say(TeamFile parsed, List<Fault> more) {
        if (!more.isEmpty()) {
            int width = screen.terminal() ? screen.columns() : UNCUT;
            var text = parsed.render(more, screen.colour(), width).stripTrailing();
            shell.say(List.of(screen.signs(text)));
        }
    }

    /// @param more what else was found in it
    Value.Struct document(TeamSource source, TeamFile parsed, List<Fault> more) {
        return FaultsDocument.of(source.named(), parsed, more);
    }
}

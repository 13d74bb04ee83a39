package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.view.Printable;
import java.util.ArrayList;
import java.util.List;

/// Something that went wrong, with its causes: outermost first, each line one fact.
public final class CauseChain {
    private static final int MOST = 10;

    private CauseChain() {}

    /// The lines to print.
    ///
    /// @param what could not be done
    /// @param help what to do, or empty
    public static List<String> lines(String what, Throwable thrown, String help, Screen screen) {
        var facts = facts(thrown);
        var lines = new ArrayList<String>();
        lines.add(screen.paint(Ink.RED, screen.signs("×")) + " " + Printable.line(what));
        for (int i = 0; i < facts.size(); i++) {
            lines.add(screen.signs(i == facts.size() - 1 ? "╰─▶ " : "├─▶ ") + facts.get(i));
        }
        if (!help.isEmpty()) {
            lines.add("  help: " + help);
        }
        return lines;
    }

    /// The messages from the outside in, without those that only repeat what is inside them.
    private static List<String> facts(Throwable thrown) {
        var facts = new ArrayList<String>();
        for (Throwable at = thrown; at != null && facts.size() < MOST; at = at.getCause()) {
            var message = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
            var cause = at.getCause();
            var inner = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
            if (!inner.isEmpty() && message.endsWith(inner)) {
                message = message.substring(0, message.length() - inner.length());
                message = message.replaceAll("[:\\s]+$", "");
            }
            if (!message.isBlank()
                    && !message.equals(cause == null ? "" : cause.getClass().getName())) {
                facts.add(Printable.line(message, 500));
            }
        }
        return facts;
    }
}

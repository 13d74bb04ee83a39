package dev.tutti.cli;

import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.view.RunDocument;
import java.util.LinkedHashMap;
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

    Value.Struct document(TeamSource source, TeamFile parsed) {
        var faults = parsed.faults().stream().<Value>map(fault -> fault(parsed, fault)).toList();
        var workflows =
                parsed.team()
                        .map(team ->
                                team.written().stream()
                                        .<Value>map(one -> Value.text(one.name()))
                                        .toList())
                        .orElse(List.of());
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "file",
                Value.text(source.named()),
                "sound",
                Value.of(parsed.team().isPresent()),
                "faults",
                new Value.Array(faults),
                "workflows",
                new Value.Array(workflows));
    }

    private static Value fault(TeamFile parsed, Fault fault) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("code", Value.text(fault.code()));
        fields.put("severity", Value.text(fault.isWarning() ? "warning" : "error"));
        fields.put("message", Value.text(fault.message()));
        parsed.place(fault)
                .ifPresent(place -> {
                    fields.put("line", Value.of(place.line()));
                    fields.put("column", Value.of(place.column()));
                    fields.put("length", Value.of(place.length()));
                });
        fields.put("at", Value.from(fault.at()));
        fields.put("label", Value.text(fault.label()));
        fields.put("help", fault.help() == null ? Value.NULL : Value.text(fault.help()));
        return new Value.Struct(fields);
    }
}

package dev.tutti.document;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.view.RunDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/// What is wrong with a team file, for programs: what `tutti validate --json` prints.
public final class FaultsDocument {
    private FaultsDocument() {}

    /// Everything that is wrong, each with its place.
    ///
    /// @param file as whoever asks calls it
    /// @param more what else was found in it
    public static Value.Struct of(String file, TeamFile parsed, List<Fault> more) {
        var faults =
                Stream.concat(parsed.faults().stream(), more.stream())
                        .<Value>map(fault -> fault(parsed, fault))
                        .toList();
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
                Value.text(file),
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

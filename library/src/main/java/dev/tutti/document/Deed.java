package dev.tutti.document;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a person did to a run, or to what the runs of a store share, or wanted to do.
///
/// @param position of the event in the journal
/// @param verb as commands have it; `run` for beginning it, `answer` for a question, `disable` and
///   `enable` for an agent, `deploy` and `remove` for triggers, `remember`, `forget` and `rules`
///   for memory
/// @param run that it was done to, or null where it was done to none
/// @param sequence of the event in its stream
/// @param tasks that it was done to; none for the run as a whole
/// @param why the reason that was given, or why it was refused; begins with what it was done to
///   where that is no run
/// @param refused whether it was not done
public record Deed(
        long position,
        Instant at,
        String by,
        String verb,
        @Nullable RunId run,
        long sequence,
        List<String> tasks,
        String why,
        boolean refused) {
    /// The names of the columns of [#row].
    public static final String COLUMNS = "at,by,verb,run,event,tasks,why,refused";

    public Deed {
        tasks = List.copyOf(tasks);
    }

    public Value.Struct value() {
        return Value.struct(
                "position", Value.of(position),
                "at", Value.text(at.toString()),
                "by", Value.text(by),
                "verb", Value.text(verb),
                "run", Value.text(runText()),
                "event", Value.of(sequence),
                "tasks", Value.from(tasks),
                "why", Value.text(why),
                "refused", Value.of(refused));
    }

    /// The run, or nothing.
    public String runText() {
        return run == null ? "" : run.value();
    }

    /// A line of comma-separated values (RFC 4180).
    public String row() {
        return Stream.of(
                        at.toString(),
                        by,
                        verb,
                        runText(),
                        Long.toString(sequence),
                        String.join(" ", tasks),
                        why,
                        Boolean.toString(refused))
                .map(Deed::cell)
                .collect(Collectors.joining(","));
    }

    /// Spreadsheets take a text that begins with one of these signs for a formula.
    private static String cell(String text) {
        var safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}

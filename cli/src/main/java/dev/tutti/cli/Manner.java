package dev.tutti.cli;

import dev.tutti.Preview;
import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Command;
import dev.tutti.document.PreviewDocument;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How something is asked of a run: in whose name, only as it was seen, or only to hear what it
/// would do.
final class Manner {
    @Option(
            names = "--expect",
            paramLabel = "SEQ",
            description = "Only if the run still has as many events as this")
    private long expected;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Asked twice under one key it is done once")
    private @Nullable String key;

    @Option(names = "--as", paramLabel = "NAME", description = "In whose name; yours by default")
    private @Nullable String actor;

    @Option(names = "--dry-run", description = "Says what it would do, and does nothing")
    private boolean dry;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    Tutti open(Shell shell) {
        var tutti = store.open(shell).forErrands();
        if (actor != null) {
            tutti.actingAs(actor);
        }
        return tutti;
    }

    boolean isDry() {
        return dry;
    }

    boolean isJson() {
        return json.wanted();
    }

    long expected() {
        return expected;
    }

    @Nullable String key() {
        return key;
    }

    /// For what the engine does not look at the number of events itself.
    void requireExpected(Run run) {
        if (expected == 0) {
            return;
        }
        long now = run.load().state().sequence();
        if (expected != now) {
            throw new Refusal(Command.Intervene.movedOn(expected, now));
        }
    }

    /// Prints what something would do.
    int print(Shell shell, Tutti tutti, Run found, String word, Preview preview) {
        if (json.wanted()) {
            shell.print(List.of(Json.pretty(PreviewDocument.of(found.id(), word, preview))));
            return ExitCode.SUCCEEDED;
        }
        shell.print(told(Ends.shortId(tutti, found.id()), word, preview));
        return ExitCode.SUCCEEDED;
    }

    /// What was or would be done, for programs.
    static Value.Struct document(RunId run, String word, Status status) {
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "run",
                Value.text(run.value()),
                "verb",
                Value.text(word),
                "status",
                Value.text(status.word()));
    }

    /// What something would do, in lines.
    ///
    /// @param run as people write it
    static List<String> told(String run, String word, Preview preview) {
        var effects = preview.effectsAgain();
        return List.of(
                "would " + word + " run " + run,
                "  tasks     " + (preview.tasks().isEmpty() ? "none" : names(preview.tasks())),
                "  spent     $" + preview.spent().usd() + " on them so far",
                "  effects   "
                        + (effects.isEmpty()
                                ? "none would be done again"
                                : "may be done again: " + String.join(", ", effects)),
                "  then      the run is " + preview.status().word());
    }

    private static String names(Iterable<TaskId> tasks) {
        var names = new ArrayList<String>();
        tasks.forEach(task -> names.add(task.toString()));
        return names.size() > 12
                ? String.join(", ", names.subList(0, 12)) + " and " + (names.size() - 12) + " more"
                : String.join(", ", names);
    }
}

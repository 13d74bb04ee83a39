package dev.tutti.document;

import dev.tutti.Preview;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.view.RunDocument;

/// What a dry run says would be done, as the command line prints it and a server answers it.
public final class PreviewDocument {
    private PreviewDocument() {}

    /// What a verb would do to a run.
    ///
    /// @param word the verb
    public static Value.Struct of(RunId run, String word, Preview preview) {
        return Value.struct(
                "format",
                RunDocument.FORMAT,
                "run",
                Value.text(run.value()),
                "verb",
                Value.text(word),
                "dry_run",
                Value.of(true),
                "status",
                Value.text(preview.status().word()),
                "sequence",
                Value.of(preview.sequence()),
                "tasks",
                Value.from(preview.tasks().stream().map(TaskId::toString).toList()),
                "spent",
                RunDocument.cost(preview.spent()),
                "effects_again",
                Value.from(preview.effectsAgain()),
                "reused",
                Value.of(preview.reused()),
                "kept",
                RunDocument.cost(preview.kept()));
    }
}

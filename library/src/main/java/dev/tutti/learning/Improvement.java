package dev.tutti.learning;

import dev.tutti.core.event.Value;
import dev.tutti.forecast.Forecast;
import dev.tutti.teamfile.Edit;
import java.util.List;

/// A workflow as it could be, with what speaks for it.
///
/// @param changes in the order in which they were found to help; empty when nothing was found
/// @param now what the workflow is foreseen to take as it is
/// @param then what it is foreseen to take with all changes
/// @param document the team's document with all changes
/// @param edits of the team file, which come to the changes together
/// @param left what was looked at and is not proposed, with the reason
public record Improvement(
        List<Change> changes,
        Forecast now,
        Forecast then,
        Value.Struct document,
        List<Edit> edits,
        List<String> left) {
    public Improvement {
        changes = List.copyOf(changes);
        edits = List.copyOf(edits);
        left = List.copyOf(left);
    }
}

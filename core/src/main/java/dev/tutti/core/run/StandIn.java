package dev.tutti.core.run;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;

/// What a task of a run that begins is taken to have given, so that nobody is asked.
///
/// @param task of the plan; a fan-out as a whole
/// @param from the run whose task of this name gave it, or null where a person wrote it
/// @param plan what it plans, where it is the task that plans; else null
public record StandIn(String task, Value output, @Nullable RunId from, @Nullable Amendment plan) {
    /// The verb under which the journal has it.
    public static final String VERB = "stand_in";

    /// One of a task that does not plan.
    public StandIn(String task, Value output, @Nullable RunId from) {
        this(task, output, from, null);
    }
}

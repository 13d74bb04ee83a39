package dev.tutti.core.expression;

import dev.tutti.core.event.Type;
import org.jspecify.annotations.Nullable;

/// What the variables of an expression will be, before anything runs.
@FunctionalInterface
public interface Types {

    /// The type of a variable, or null where there is no such variable.
    @Nullable Type get(String variable);
}

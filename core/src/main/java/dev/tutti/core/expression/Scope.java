package dev.tutti.core.expression;

import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;

/// What the variables of an expression stand for.
@FunctionalInterface
public interface Scope {

    /// The value of a variable, or null where there is no such variable.
    @Nullable Value get(String variable);
}

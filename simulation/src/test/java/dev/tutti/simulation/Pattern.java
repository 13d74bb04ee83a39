package dev.tutti.simulation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The control-flow pattern that a test shows, by the numbers of Russell, ter Hofstede, van der
/// Aalst and Mulyar, Workflow Control-Flow Patterns: A Revised View (2006).
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Pattern {
    int number();

    String name();

    /// The keys of the team file that make it.
    String by();
}

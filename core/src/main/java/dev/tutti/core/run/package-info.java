/// A run as a whole: the one place where the stages meet.
///
/// [Decider] turns a command into events, [RunState#evolve] folds them, [Action] says what the
/// runtime must do once they are on disk. Nothing here reads a clock, draws a number or waits.
@NullMarked
package dev.tutti.core.run;

import org.jspecify.annotations.NullMarked;

/// Finds the cheapest plan that yields what is wanted from what is known, out of skills with typed
/// inputs and outputs, or says what is missing.
///
/// Nothing here knows of runs or agents: a plan is proposed, and whoever asked decides what becomes
/// of it. The same problem always has the same answer; how much is tried is counted, not timed.
@NullMarked
package dev.tutti.core.planner;

import org.jspecify.annotations.NullMarked;

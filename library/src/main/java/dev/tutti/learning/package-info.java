/// What recorded runs say of how a workflow could be done cheaper or faster at equal quality.
///
/// Proposes only: nothing is applied.
@NullMarked
package dev.tutti.learning;

import org.jspecify.annotations.NullMarked;

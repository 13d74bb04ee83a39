/// The steps of attempts: what was asked of models and tools, and what they gave.
///
/// They are kept in streams of their own, so that a run stays short however long its agents talk.
@NullMarked
package dev.tutti.runtime.step;

import org.jspecify.annotations.NullMarked;

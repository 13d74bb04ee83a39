/// Improvements of workflows against teams whose truth is known.
@NullMarked
package dev.tutti.learning;

import org.jspecify.annotations.NullMarked;

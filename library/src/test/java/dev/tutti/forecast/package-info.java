/// Forecasts against worlds whose truth is known.
@NullMarked
package dev.tutti.forecast;

import org.jspecify.annotations.NullMarked;

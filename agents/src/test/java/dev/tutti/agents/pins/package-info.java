/// Pins of tools.
@NullMarked
package dev.tutti.agents.pins;

import org.jspecify.annotations.NullMarked;

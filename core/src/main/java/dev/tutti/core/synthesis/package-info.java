/// Many results into one: the outputs of a fan-out, collected in order.
@NullMarked
package dev.tutti.core.synthesis;

import org.jspecify.annotations.NullMarked;

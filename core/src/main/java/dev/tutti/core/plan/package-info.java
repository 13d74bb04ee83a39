/// The graph of tasks: what waits for what, what may run now, and whether a plan is sound.
@NullMarked
package dev.tutti.core.plan;

import org.jspecify.annotations.NullMarked;

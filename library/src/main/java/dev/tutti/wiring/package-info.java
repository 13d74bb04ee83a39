/// Puts the parts together: which store, who owns it, where executors come from.
@NullMarked
package dev.tutti.wiring;

import org.jspecify.annotations.NullMarked;

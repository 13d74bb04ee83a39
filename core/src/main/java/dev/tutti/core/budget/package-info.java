/// What a run may spend: reserved before, settled after.
@NullMarked
package dev.tutti.core.budget;

import org.jspecify.annotations.NullMarked;

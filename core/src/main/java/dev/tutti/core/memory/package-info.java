/// What tasks hand on: the outputs so far, and who may see which.
@NullMarked
package dev.tutti.core.memory;

import org.jspecify.annotations.NullMarked;

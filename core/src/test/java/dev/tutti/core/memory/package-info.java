/// Tests of what is remembered within a run.
@NullMarked
package dev.tutti.core.memory;

import org.jspecify.annotations.NullMarked;

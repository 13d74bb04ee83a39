/// Tests of goals.
@NullMarked
package dev.tutti.core.goal;

import org.jspecify.annotations.NullMarked;

/// Tests of the form in which steps are kept.
@NullMarked
package dev.tutti.runtime.step;

import org.jspecify.annotations.NullMarked;

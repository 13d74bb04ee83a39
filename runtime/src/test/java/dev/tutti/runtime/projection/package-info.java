/// Tests of what people look at.
@NullMarked
package dev.tutti.runtime.projection;

import org.jspecify.annotations.NullMarked;

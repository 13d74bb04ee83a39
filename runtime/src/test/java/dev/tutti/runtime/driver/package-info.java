/// Tests of what waits for the engine's thread.
@NullMarked
package dev.tutti.runtime.driver;

import org.jspecify.annotations.NullMarked;

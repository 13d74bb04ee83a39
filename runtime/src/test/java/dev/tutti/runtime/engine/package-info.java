/// Tests of what the engine is made of; the engine itself is tested by `simulation`.
@NullMarked
package dev.tutti.runtime.engine;

import org.jspecify.annotations.NullMarked;

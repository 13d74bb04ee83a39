/// Content kept under its own hash.
@NullMarked
package dev.tutti.runtime.artifact;

import org.jspecify.annotations.NullMarked;

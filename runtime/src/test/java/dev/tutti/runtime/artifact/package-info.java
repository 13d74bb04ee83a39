/// Tests of the artifact stores: one contract for both.
@NullMarked
package dev.tutti.runtime.artifact;

import org.jspecify.annotations.NullMarked;

/// What tasks hand on and share: the outputs so far, the notes of the run with where each comes
/// from, and who has seen which.
@NullMarked
package dev.tutti.core.memory;

import org.jspecify.annotations.NullMarked;

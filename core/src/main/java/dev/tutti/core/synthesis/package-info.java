/// Many results into one: the outputs of a fan-out collected in order, or several answers to one
/// question resolved, with how sure that is and what speaks against it.
///
/// [Estimator]s learn from nothing but the answers who is right and how often; [Guarded] follows
/// them only where the answers bear them out, for a batch ([Consensus]). [Experience] does the same
/// one question after the other, within runs. Nothing here drops a dissenting answer.
@NullMarked
package dev.tutti.core.synthesis;

import org.jspecify.annotations.NullMarked;

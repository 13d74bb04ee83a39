/// Agents that work offline on the documents of a folder: one finds passages, one sums them up, one
/// composes an answer of sentences that the documents contain.
///
/// Nothing here calls a network or a language model, and nothing is made up: what comes out are
/// words of the documents, with their places.
@NullMarked
package dev.tutti.agents.local;

import org.jspecify.annotations.NullMarked;

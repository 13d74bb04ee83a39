/// What became of the messages of a choreographed run: who took up what, who would not, and what is
/// still expected.
@NullMarked
package dev.tutti.core.choreography;

import org.jspecify.annotations.NullMarked;

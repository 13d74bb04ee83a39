/// What was said in a choreographed run, who took up what, and what is still expected; and what is
/// wrong with the contracts of its agents before it begins.
@NullMarked
package dev.tutti.core.choreography;

import org.jspecify.annotations.NullMarked;

/// Tests of what is believed of agents.
@NullMarked
package dev.tutti.runtime.evidence;

import org.jspecify.annotations.NullMarked;

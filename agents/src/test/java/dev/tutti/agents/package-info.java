/// What agents that pretend do.
@NullMarked
package dev.tutti.agents;

import org.jspecify.annotations.NullMarked;

/// Tests of the planner that searches, as a run asks it.
@NullMarked
package dev.tutti.agents.planner;

import org.jspecify.annotations.NullMarked;

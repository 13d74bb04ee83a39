/// The planner that needs no model: an agent that is given a goal, what is known and what a team
/// can do, and proposes the cheapest plan.
///
/// Reads and writes the letters between a run and its planner; what is best is found in the core.
@NullMarked
package dev.tutti.agents.planner;

import org.jspecify.annotations.NullMarked;

/// Tests of the planner for requests in plain words.
@NullMarked
package dev.tutti.agents.local.planner;

import org.jspecify.annotations.NullMarked;

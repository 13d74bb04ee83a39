/// Tests of the planner that searches.
@NullMarked
package dev.tutti.core.planner;

import org.jspecify.annotations.NullMarked;

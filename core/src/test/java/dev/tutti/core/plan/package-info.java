/// Tests of plans.
@NullMarked
package dev.tutti.core.plan;

import org.jspecify.annotations.NullMarked;

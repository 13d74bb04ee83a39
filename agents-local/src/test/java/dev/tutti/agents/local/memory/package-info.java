/// Tests of what is remembered from run to run.
@NullMarked
package dev.tutti.agents.local.memory;

import org.jspecify.annotations.NullMarked;

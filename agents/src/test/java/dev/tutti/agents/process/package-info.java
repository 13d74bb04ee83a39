/// Commands: how they are run, held, and ended.
@NullMarked
package dev.tutti.agents.process;

import org.jspecify.annotations.NullMarked;

/// Tests of what attempts are told.
@NullMarked
package dev.tutti.runtime.agent;

import org.jspecify.annotations.NullMarked;

/// Tests of the journals: one contract for all, and what each has of its own.
@NullMarked
package dev.tutti.runtime.journal;

import org.jspecify.annotations.NullMarked;

/// Tests of how several answers become one, with hand-made answers and with real ones.
@NullMarked
package dev.tutti.core.synthesis;

import org.jspecify.annotations.NullMarked;

/// What people look at, folded from the journal. Everything here can be thrown away and made again.
@NullMarked
package dev.tutti.runtime.projection;

import org.jspecify.annotations.NullMarked;

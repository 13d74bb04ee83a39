/// A look at every byte of a store: what no read of its own checks is compared with what follows
/// from the events. Reads only.
@NullMarked
package dev.tutti.runtime.examination;

import org.jspecify.annotations.NullMarked;

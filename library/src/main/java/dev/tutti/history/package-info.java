/// Looks back at runs that are in a store: reads them whole, folds them again, and gathers what
/// other runs have on record. What follows from it is decided in `core.history`.
///
/// Reads only; nothing is performed or written.
@NullMarked
package dev.tutti.history;

import org.jspecify.annotations.NullMarked;

/// What must hold of every journal, and what proves it: never shipped.
///
/// [Invariants] looks at a whole store and reports everything wrong with it at once. It keeps its
/// own books and asks the code under test only for the fold that it compares with.
@NullMarked
package dev.tutti.simulation;

import org.jspecify.annotations.NullMarked;

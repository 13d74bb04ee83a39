/// What programs are told of runs beyond one of them: compared, blamed, planned, foreseen, counted.
/// The same documents for the command line and for HTTP, so that neither can say more than the
/// other.
@NullMarked
package dev.tutti.document;

import org.jspecify.annotations.NullMarked;

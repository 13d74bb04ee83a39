/// What planners propose: the text of a plan that a model or a program wrote, brought into the form
/// of the team file.
///
/// Mends what can be mended without guessing, and names each mend. Checks nothing that the reader
/// of team files and the check of plans see anyway, and decides nothing.
@NullMarked
package dev.tutti.planning;

import org.jspecify.annotations.NullMarked;

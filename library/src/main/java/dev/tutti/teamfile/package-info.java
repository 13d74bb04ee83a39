/// The team file: YAML to a team, with every fault at its place.
///
/// Reads and reports; starts nothing, and looks at nothing but the file itself.
@NullMarked
package dev.tutti.teamfile;

import org.jspecify.annotations.NullMarked;

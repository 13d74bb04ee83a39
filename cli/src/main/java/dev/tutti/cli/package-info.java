/// The one executable: a command for each thing that people ask of Tutti.
///
/// Commands do nothing that an embedder cannot do with the facade. Results go to standard output,
/// everything else to standard error; what a command ends with is in [dev.tutti.cli.ExitCode].
@NullMarked
package dev.tutti.cli;

import org.jspecify.annotations.NullMarked;

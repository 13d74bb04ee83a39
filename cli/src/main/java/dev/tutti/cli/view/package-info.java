/// Runs as people and programs read them: folded from the journal, put into words, tables and
/// documents.
///
/// Shows; never asks anything of a run.
@NullMarked
package dev.tutti.cli.view;

import org.jspecify.annotations.NullMarked;

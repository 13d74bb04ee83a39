/// Runs as people and programs read them, whether at a terminal or in a browser: folded from the
/// journal, put into words and documents.
///
/// Shows; never asks anything of a run.
@NullMarked
package dev.tutti.view;

import org.jspecify.annotations.NullMarked;

/// What can be shown where output goes: whether it is a terminal, how wide, with which characters
/// and colours.
///
/// Knows nothing of runs. Text from outside passes through [dev.tutti.view.Printable] before it is
/// shown.
@NullMarked
package dev.tutti.cli.terminal;

import org.jspecify.annotations.NullMarked;

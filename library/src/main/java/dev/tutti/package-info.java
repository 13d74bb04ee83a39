/// The library that people embed: open a store, define or read a team, submit a goal, await the
/// run.
@NullMarked
package dev.tutti;

import org.jspecify.annotations.NullMarked;

/// The workloads of `tutti bench`: the engine with agents that do nothing, on a real store.
///
/// Measures what users run; has no faster way of its own.
@NullMarked
package dev.tutti.cli.bench;

import org.jspecify.annotations.NullMarked;

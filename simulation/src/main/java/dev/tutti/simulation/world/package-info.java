/// A whole world on one thread from one seed: clock, store, processes, network, agents and people,
/// with every fault that they are subject to.
///
/// The core and the engine run in it as they are; only what lies beyond their ports is played. The
/// same seed gives the same journal, so that what went wrong once goes wrong again.
@NullMarked
package dev.tutti.simulation.world;

import org.jspecify.annotations.NullMarked;

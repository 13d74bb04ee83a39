/// What every module keeps to, as tests: who may use whom, what stays at the edges, how things are
/// named.
///
/// Each gate names the classes below `canary` that break it. They show that the gate still bites;
/// nothing else may use them.
@NullMarked
package dev.tutti.architecture;

import org.jspecify.annotations.NullMarked;

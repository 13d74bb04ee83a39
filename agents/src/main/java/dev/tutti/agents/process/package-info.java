/// Agents that are commands of this machine (`uses: process`): how they are started, what they may
/// reach, and how nothing of them is left.
///
/// A command in a sandbox is started by bubblewrap, and not at all where that is missing.
@NullMarked
package dev.tutti.agents.process;

import org.jspecify.annotations.NullMarked;

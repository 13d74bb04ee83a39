/// Executors that need nothing but the JDK: commands of this machine, and agents that pretend, for
/// dry runs, tests and benchmarks.
///
/// Plain Java functions need no class here: they are [dev.tutti.runtime.agent.AgentExecutor]s
/// already.
@NullMarked
package dev.tutti.agents;

import org.jspecify.annotations.NullMarked;

/// Tools of servers that speak the Model Context Protocol: as toolboxes, and as agents whose every
/// task is one call.
///
/// The library of the protocol stays in here. All that concerns an attempt happens on the thread
/// that called: what the server asks, tells or gives meanwhile comes to it as news.
@NullMarked
package dev.tutti.agents.tools.mcp;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.tutti.agents.tools.mcp;

import org.jspecify.annotations.NullMarked;

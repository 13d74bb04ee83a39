/// Services as agents: what they may do to an attempt, and what comes of it.
@NullMarked
package dev.tutti.agents.http;

import org.jspecify.annotations.NullMarked;

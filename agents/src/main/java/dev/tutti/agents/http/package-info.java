/// Agents that are services: the task goes there by HTTP, and its output comes back.
///
/// A service may be slow, silent, endless or wrong: whatever it does ends in one outcome, in time,
/// and within bounds.
@NullMarked
package dev.tutti.agents.http;

import org.jspecify.annotations.NullMarked;

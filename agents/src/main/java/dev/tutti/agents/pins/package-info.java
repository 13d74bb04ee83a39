/// What tools said of themselves when they were first used, and whether people agreed to what they
/// say now.
///
/// For every kind of agent that calls tools of others; makes no call itself.
@NullMarked
package dev.tutti.agents.pins;

import org.jspecify.annotations.NullMarked;

/// Agents that think with a language model and work with tools (`uses: llm`).
///
/// Every reply of a model and every result of a tool is a step of the attempt; what is asked next
/// follows from the steps before and nothing else, so that an attempt that is made again pays for
/// nothing twice. Knows models by the port in `model` only.
@NullMarked
package dev.tutti.agents.llm;

import org.jspecify.annotations.NullMarked;

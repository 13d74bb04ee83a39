/// Language models of others, by LangChain4j, whose types are used here and nowhere else.
///
/// Calls go over a line of our own, so that time, size and what a provider says in its headers are
/// held to in one place for all of them.
@NullMarked
package dev.tutti.agents.llm.provider;

import org.jspecify.annotations.NullMarked;

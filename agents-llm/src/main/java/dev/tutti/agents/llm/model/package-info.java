/// The port to language models: what is said to one, and what it says. Knows no provider.
///
/// Whatever goes wrong on the way comes as one [dev.tutti.agents.llm.model.Trouble] with its kind;
/// what a model says wrongly is a reply like any other.
@NullMarked
package dev.tutti.agents.llm.model;

import org.jspecify.annotations.NullMarked;

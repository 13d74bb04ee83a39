/// A language model that follows a script: for tests of teams, for examples, and offline.
///
/// What it says next follows from the conversation alone, so a run with it is the same each time.
@NullMarked
package dev.tutti.agents.llm.scripted;

import org.jspecify.annotations.NullMarked;

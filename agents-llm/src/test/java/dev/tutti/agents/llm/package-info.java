@NullMarked
package dev.tutti.agents.llm;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.tutti.agents.llm.provider;

import org.jspecify.annotations.NullMarked;

/// What models cost.
@NullMarked
package dev.tutti.agents.llm.model;

import org.jspecify.annotations.NullMarked;

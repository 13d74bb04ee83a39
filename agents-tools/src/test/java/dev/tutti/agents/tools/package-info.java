@NullMarked
package dev.tutti.agents.tools;

import org.jspecify.annotations.NullMarked;

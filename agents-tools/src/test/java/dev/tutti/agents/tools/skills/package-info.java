@NullMarked
package dev.tutti.agents.tools.skills;

import org.jspecify.annotations.NullMarked;

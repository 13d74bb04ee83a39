@NullMarked
package dev.tutti.agents.tools.sql;

import org.jspecify.annotations.NullMarked;

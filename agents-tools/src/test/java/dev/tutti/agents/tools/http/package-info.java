@NullMarked
package dev.tutti.agents.tools.http;

import org.jspecify.annotations.NullMarked;

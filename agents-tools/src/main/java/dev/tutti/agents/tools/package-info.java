/// What the toolboxes share: reading their settings, and keeping what they return within bounds.
@NullMarked
package dev.tutti.agents.tools;

import org.jspecify.annotations.NullMarked;

/// Agents of choreographed runs, who hear what is said and take up what their contracts say.
@NullMarked
package dev.tutti.runtime.participant;

import org.jspecify.annotations.NullMarked;

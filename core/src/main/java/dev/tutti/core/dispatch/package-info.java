/// Who does a task: capability match, and the offers that a dispatcher makes.
@NullMarked
package dev.tutti.core.dispatch;

import org.jspecify.annotations.NullMarked;

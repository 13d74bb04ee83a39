/// The attempts at each task: how far it is, whether it may be tried again, and when.
@NullMarked
package dev.tutti.core.agent;

import org.jspecify.annotations.NullMarked;

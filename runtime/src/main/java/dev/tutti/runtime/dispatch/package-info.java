/// Places at agents: who has one free, who waits for one, and in which order.
@NullMarked
package dev.tutti.runtime.dispatch;

import org.jspecify.annotations.NullMarked;

/// What many share and nobody may overdraw: calls in a time, tokens in a time, attempts at once,
/// memory, processors. Counts; who waits, and in which order, is the dispatcher's affair.
@NullMarked
package dev.tutti.runtime.quota;

import org.jspecify.annotations.NullMarked;

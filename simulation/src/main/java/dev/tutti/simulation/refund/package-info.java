/// Refunds that must not be paid twice: ledgers that are processes of their own, and a process that
/// pays and is killed again and again.
@NullMarked
package dev.tutti.simulation.refund;

import org.jspecify.annotations.NullMarked;

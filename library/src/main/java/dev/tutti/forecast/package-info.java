/// What a run is likely to cost and to take, before it is begun: the plan is played many times, by
/// the real core and the real dispatcher, in virtual time and with agents drawn from what is
/// declared or recorded of them.
///
/// Performs nothing and writes nothing.
@NullMarked
package dev.tutti.forecast;

import org.jspecify.annotations.NullMarked;

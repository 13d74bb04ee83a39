/// What agents do where nobody gives them their tasks: they bid, and they claim. Each speaks for
/// itself alone, by what it knows of itself and what was announced; nothing here compares agents or
/// knows of a dispatcher's choice.
@NullMarked
package dev.tutti.runtime.bidding;

import org.jspecify.annotations.NullMarked;

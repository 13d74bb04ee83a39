package dev.tutti.architecture.canary.cycle.here;

import dev.tutti.architecture.canary.cycle.there.OtherHalf;

/// Imports what imports it.
public interface HalfOfACycle {
    OtherHalf other();
}

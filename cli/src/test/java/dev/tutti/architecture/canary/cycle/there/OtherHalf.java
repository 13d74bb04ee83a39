package dev.tutti.architecture.canary.cycle.there;

import dev.tutti.architecture.canary.cycle.here.HalfOfACycle;

/// Imports what imports it.
public interface OtherHalf {
    HalfOfACycle other();
}

package dev.tutti.runtime.agent;

import java.util.List;

/// Knows which texts are near another in meaning. Found where a module that can is installed; who
/// asks goes on without where none is.
public interface Nearness {

    /// The places of the texts that are nearest, the nearest first.
    ///
    /// @param most how many are wanted
    /// @throws IllegalStateException where this machine cannot say
    List<Integer> nearest(String asked, List<String> texts, int most);
}

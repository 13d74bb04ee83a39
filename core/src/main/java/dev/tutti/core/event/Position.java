package dev.tutti.core.event;

import java.util.List;

/// An answer to a question, and those who gave it.
///
/// @param answer as the first of them gave it
/// @param agents in the order of their answers
/// @param sources that they name, each once
/// @param share how probable it is, or how many voices it has of all; from 0 to 1
public record Position(Value answer, List<String> agents, List<String> sources, double share) {
    public Position {
        agents = List.copyOf(agents);
        sources = List.copyOf(sources);
    }
}

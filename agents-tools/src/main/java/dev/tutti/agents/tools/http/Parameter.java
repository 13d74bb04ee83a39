package dev.tutti.agents.tools.http;

/// Where an argument goes.
///
/// @param argument its name among the arguments
/// @param name what it is called in the request
/// @param explode whether each item of a list is a parameter of its own
/// @param deep whether the fields of an object are: `filter[name]=…`
record Parameter(
        String argument, String name, In in, boolean required, boolean explode, boolean deep) {

    /// The parts of a request.
    enum In {
        PATH,
        QUERY,
        HEADER
    }
}

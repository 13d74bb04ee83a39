package dev.tutti.server.workers;

/// What a worker that asks is given: work, or tasks to bid on.
public sealed interface Given permits Lease, Tender {
    /// Names it to the worker, and shows that it is the worker's to answer.
    String id();
}

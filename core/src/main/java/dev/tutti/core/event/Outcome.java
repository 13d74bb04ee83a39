package dev.tutti.core.event;

/// What an agent reports of an attempt.
public sealed interface Outcome {

    Usage usage();

    record Succeeded(Value output, Usage usage) implements Outcome {}

    /// The result of a planning task: what the plan is to become.
    ///
    /// @param proposal as the agent wrote it
    record Planned(Amendment amendment, Value proposal, Usage usage) implements Outcome {}

    /// The agent gives no result, but names the one who is to have the task next.
    ///
    /// @param what goes with it; null in the sense of values where nothing does
    /// @param reason in words; may be empty
    record HandedOver(AgentId to, Value what, String reason, Usage usage) implements Outcome {}

    record Failed(Failure failure, Usage usage) implements Outcome {}

    static Outcome succeeded(Value output) {
        return new Succeeded(output, Usage.NONE);
    }

    static Outcome failed(Failure failure) {
        return new Failed(failure, Usage.NONE);
    }
}

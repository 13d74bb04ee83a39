package dev.tutti.runtime.journal;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;

/// Names a stream of one tenant: a run, an attempt, a topic, who subscribes to topics, or which
/// agents are switched off.
///
/// @param name `run/…`, `attempt/…`, `topic/…`, `subscriptions` or `agents`
public record StreamId(TenantId tenant, String name) {
    private static final String RUN = "run/";
    private static final String ATTEMPT = "attempt/";
    private static final String TOPIC = "topic/";
    private static final String SUBSCRIPTIONS = "subscriptions";
    private static final String AGENTS = "agents";

    public static StreamId run(TenantId tenant, RunId run) {
        return new StreamId(tenant, RUN + run.value());
    }

    /// The steps of an attempt of a run, and of those that go on from it.
    ///
    /// @param token of the first of them
    public static StreamId attempt(StreamId run, long token) {
        return new StreamId(run.tenant, ATTEMPT + run.run().value() + "/" + token);
    }

    /// The messages of a topic.
    public static StreamId topic(TenantId tenant, String name) {
        return new StreamId(tenant, TOPIC + name);
    }

    /// Who waits for messages of topics, and what they trigger.
    public static StreamId subscriptions(TenantId tenant) {
        return new StreamId(tenant, SUBSCRIPTIONS);
    }

    /// Which agents people have switched off.
    public static StreamId agents(TenantId tenant) {
        return new StreamId(tenant, AGENTS);
    }

    public boolean isAgents() {
        return name.equals(AGENTS);
    }

    public boolean isTopic() {
        return name.startsWith(TOPIC);
    }

    /// The name of the topic that this is the stream of.
    ///
    /// @throws IllegalStateException when it is another kind of stream
    public String topic() {
        if (!isTopic()) {
            throw new IllegalStateException(name + " is not the stream of a topic");
        }
        return name.substring(TOPIC.length());
    }

    public boolean isSubscriptions() {
        return name.equals(SUBSCRIPTIONS);
    }

    public boolean isRun() {
        return name.startsWith(RUN);
    }

    public boolean isAttempt() {
        return name.startsWith(ATTEMPT);
    }

    /// The stream of the run that these are steps of, and its first attempt here.
    ///
    /// @throws IllegalStateException when it is another kind of stream
    public OfAttempt attempt() {
        int end = name.lastIndexOf('/');
        if (!isAttempt() || end < ATTEMPT.length()) {
            throw new IllegalStateException(name + " is not the stream of an attempt");
        }
        return new OfAttempt(
                new StreamId(tenant, RUN + name.substring(ATTEMPT.length(), end)),
                Long.parseLong(name.substring(end + 1)));
    }

    /// Whose steps a stream has.
    ///
    /// @param token of the first attempt
    public record OfAttempt(StreamId run, long token) {}

    /// The run that this is the stream of.
    ///
    /// @throws IllegalStateException when it is another kind of stream
    public RunId run() {
        if (!isRun()) {
            throw new IllegalStateException(name + " is not the stream of a run");
        }
        return new RunId(name.substring(RUN.length()));
    }

    @Override
    public String toString() {
        return tenant + ":" + name;
    }
}

package dev.tutti.runtime.engine;

import dev.tutti.core.event.RunId;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Decision;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Subscription;
import java.time.Instant;
import java.util.Optional;

/// What a run tells others, as messages that are on disk with the events that caused them. Their
/// ids follow from their cause, so that none is told twice.
final class Outbox {
    private Outbox() {}

    /// The message that an action asks for; empty for actions of other kinds.
    ///
    /// @param index how many messages the same append has already
    /// @param since when the run began
    static Optional<Message> message(
            StreamId from,
            Decision.Step step,
            Action action,
            int index,
            Instant since,
            Instant now) {
        var id = from.name() + "/" + (step.before().sequence() + 1) + "/" + index;
        return switch (action) {
            case Action.Call(
                            var child,
                            var workflow,
                            var inputs,
                            var origin,
                            var budget,
                            var until) ->
                    Optional.of(
                            message(
                                    id,
                                    from,
                                    child,
                                    new Request.Call(
                                            workflow,
                                            step.before().asked().team(),
                                            inputs,
                                            origin,
                                            budget,
                                            until),
                                    now));
            case Action.CancelChild(var child) ->
                    Optional.of(
                            message(
                                    id,
                                    from,
                                    child,
                                    Request.cancel("run " + from.run() + " no longer wants it"),
                                    now));
            case Action.Report(var parent, var token, var outcome, var used) ->
                    Optional.of(
                            message(
                                    id,
                                    from,
                                    parent,
                                    new Request.Report(token, outcome, used),
                                    now));
            case Action.Publish(var to, var type, var data) ->
                    Optional.of(message(id, from, to, new Request.Deliver(type, data), now));
            case Action.Post(var topic, var type, var key, var data) -> {
                var event = new CloudEvent(id, "/runs/" + from.run(), type, key, now, null, data);
                yield Optional.of(
                        message(
                                id,
                                from,
                                StreamId.topic(from.tenant(), topic),
                                new Request.Publish(event),
                                now));
            }
            case Action.Subscribe subscribe ->
                    Optional.of(
                            message(
                                    id,
                                    from,
                                    StreamId.subscriptions(from.tenant()),
                                    new Request.Subscribe(
                                            new Subscription.Await(
                                                    from.run(),
                                                    subscribe.task(),
                                                    subscribe.token(),
                                                    subscribe.topic(),
                                                    subscribe.type(),
                                                    subscribe.key(),
                                                    subscribe.where()),
                                            subscribe.keep() ? since : null),
                                    now));
            case Action.Seek _,
                    Action.Announce _,
                    Action.Tell _,
                    Action.Perform _,
                    Action.Stop _,
                    Action.Orphaned _ ->
                    Optional.empty();
        };
    }

    /// The message that tells of an attempt that waits for a topic no more.
    static Message unsubscribe(
            StreamId from, Decision.Step step, long token, int index, Instant now) {
        return message(
                from.name() + "/" + (step.before().sequence() + 1) + "/" + index,
                from,
                StreamId.subscriptions(from.tenant()),
                new Request.Unsubscribe(from.run(), token),
                now);
    }

    /// The message that tells a trigger of the end of a run that it minds.
    static Message over(StreamId from, Instant now) {
        return message(
                from.name() + "/over",
                from,
                StreamId.subscriptions(from.tenant()),
                new Request.Over(from.run()),
                now);
    }

    private static Message message(
            String id, StreamId from, RunId to, Request request, Instant now) {
        return message(id, from, StreamId.run(from.tenant(), to), request, now);
    }

    private static Message message(
            String id, StreamId from, StreamId to, Request request, Instant now) {
        return new Message(id, to, request.kind(), "run/" + from.run(), now, request.payload());
    }
}

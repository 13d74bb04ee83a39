package dev.tutti.runtime.engine;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.StandIn;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Subscription;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What someone outside a run asks of it: in this process or, as a message, from another process or
/// another run.
public sealed interface Request {

    /// Begin the run with a workflow of a team.
    ///
    /// @param standIns outputs that stand in for the work of tasks
    /// @param budget what it may take at most, within what the workflow allows
    record Start(
            String workflow,
            Definition team,
            Value.Struct inputs,
            List<StandIn> standIns,
            Budget budget)
            implements Request {
        public Start {
            standIns = List.copyOf(standIns);
        }

        /// With every task done.
        public Start(String workflow, Definition team, Value.Struct inputs) {
            this(workflow, team, inputs, List.of());
        }

        /// With what the workflow allows.
        public Start(
                String workflow, Definition team, Value.Struct inputs, List<StandIn> standIns) {
            this(workflow, team, inputs, standIns, Budget.NONE);
        }
    }

    /// Begin as a task of another run.
    ///
    /// @param team hash of the definition, which the journal has
    /// @param budget the most that it may take
    /// @param until when it must be over, or null
    record Call(
            String workflow,
            String team,
            Value.Struct inputs,
            Origin.Child origin,
            Budget budget,
            @Nullable Instant until)
            implements Request {}

    /// Begin where another run was after `at` of its events.
    ///
    /// @param refire whether effects that the other run has done may be done again
    /// @param edit another input or output of a task to go on with, or null
    /// @param reason why it is wanted, empty where that is not said
    record Fork(RunId from, long at, boolean refire, Verb.@Nullable Edit edit, String reason)
            implements Request {
        /// As the other run was.
        public Fork(RunId from, long at, boolean refire) {
            this(from, at, refire, null, "");
        }
    }

    /// A run that is a task of this one has ended.
    ///
    /// @param used what it counted, with all runs within it; null where it did not say
    record Report(long token, Outcome outcome, @Nullable Tally used) implements Request {}

    /// A message that a task may wait for.
    record Deliver(String type, Value data) implements Request {}

    /// A message of a topic, for the attempt that waits for it.
    record Hand(long token, String type, Value data) implements Request {}

    /// A message to publish on the topic that is asked.
    record Publish(CloudEvent event) implements Request {}

    /// A task of a run waits for a message of a topic.
    ///
    /// @param since one that came then or later will do; null for those to come only
    record Subscribe(Subscription.Await await, @Nullable Instant since) implements Request {}

    /// It waits no more.
    record Unsubscribe(RunId run, long token) implements Request {}

    /// Begin because of a trigger.
    ///
    /// @param team hash of the definition, which the journal has
    record Begin(String workflow, String team, Value.Struct inputs) implements Request {}

    /// Let the triggers of a team begin runs, instead of those that it had under this name.
    ///
    /// @param from where it was read, for people
    record Deploy(String name, String from, Definition team) implements Request {}

    /// Let the triggers of a team begin no more runs.
    record Withdraw(String name) implements Request {}

    /// A run that a trigger minds has ended.
    record Over(RunId run) implements Request {}

    /// A person switches an agent off, or on again.
    record Switch(AgentId agent, boolean on, String reason) implements Request {}

    /// A person answers a question.
    ///
    /// @param hash of what the person decided upon, or null
    /// @param edited the input that an approval is for instead, or null
    record Answer(
            long question,
            Value answer,
            String comment,
            @Nullable String hash,
            Value.@Nullable Struct edited)
            implements Request {}

    /// A person changes the course of the run.
    ///
    /// @param expected how many events it had when the person looked; 0 for whatever it has
    record Intervene(Verb verb, String reason, long expected) implements Request {}

    /// Ends a run without a result, in the usual way.
    static Request cancel(String reason) {
        return new Intervene(new Verb.Cancel(false), reason, 0);
    }

    /// The word for it in messages.
    default String kind() {
        return switch (this) {
            case Start _ -> "start";
            case Call _ -> "call";
            case Fork _ -> "fork";
            case Report _ -> "report";
            case Deliver _ -> "deliver";
            case Hand _ -> "hand";
            case Publish _ -> "publish";
            case Subscribe _ -> "subscribe";
            case Unsubscribe _ -> "unsubscribe";
            case Begin _ -> "begin";
            case Deploy _ -> "deploy";
            case Withdraw _ -> "withdraw";
            case Over _ -> "over";
            case Switch _ -> "switch";
            case Answer _ -> "answer";
            case Intervene _ -> "intervene";
        };
    }

    /// Whether a person waits to hear what became of it.
    default boolean byPerson() {
        return switch (this) {
            case Start _, Fork _, Deliver _, Answer _, Intervene _ -> true;
            case Call _, Report _, Hand _, Publish _, Subscribe _, Unsubscribe _ -> false;
            case Begin _, Deploy _, Withdraw _, Over _, Switch _ -> false;
        };
    }

    /// As the payload of a message.
    default byte[] payload() {
        return Requests.encode(this);
    }

    /// Reads a message.
    ///
    /// @throws IllegalArgumentException when it is not a request
    static Request of(String kind, byte[] payload) {
        return Requests.decode(kind, payload);
    }

    /// A team's document as the journal keeps it.
    static Definition definition(Value.Struct document) {
        var body = Json.bytes(document);
        return new Definition(Sha256.hex(body), body);
    }
}

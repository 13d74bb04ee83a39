package dev.tutti.runtime.engine;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.bidding.Self;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the driver must do, now that the events that ask for it are on disk.
public sealed interface Deed {

    /// Let an agent perform an attempt, and report by an input.
    ///
    /// @param inputs of the run, which the agent's settings may name
    /// @param workflow the name of the run's
    /// @param shown of the agents, where the attempt plans
    record Perform(
            StreamId run,
            Action.Perform attempt,
            String teamHash,
            Team team,
            Value.Struct inputs,
            String workflow,
            List<Attempt.Shown> shown)
            implements Deed {}

    /// Ask agents for their bids on tasks that were announced, and report by an input.
    ///
    /// @param self what each agent that may bid knows of itself
    record Announce(
            StreamId run,
            String teamHash,
            Team team,
            List<Action.Announce> tasks,
            Map<AgentId, Self> self)
            implements Deed {
        public Announce {
            tasks = List.copyOf(tasks);
            self = Collections.unmodifiableMap(new LinkedHashMap<>(self));
        }
    }

    /// Interrupt the attempt. It still reports.
    record Stop(StreamId run, long token) implements Deed {}

    /// Let agents know what was said, each of whom answers for itself.
    ///
    /// @param agents who follow messages of this type and have not been heard
    /// @param inputs of the run
    record Tell(StreamId run, List<Agent> agents, RunState.Letter letter, Value.Struct inputs)
            implements Deed {
        public Tell {
            agents = List.copyOf(agents);
        }
    }

    /// An attempt that is about to do something outside learns what it may do.
    record Allow(StreamId run, long token, String name, Permission permission) implements Deed {}

    /// Whether an attempt may do something outside.
    sealed interface Permission {
        /// It may, and tells repetitions by `key`.
        record Go(String key) implements Permission {}

        /// It was done before, with this outcome.
        record Done(Value outcome) implements Permission {}

        /// What it did is on disk.
        record Noted() implements Permission {}

        /// What it asked for: a note.
        ///
        /// @param made whether what it wrote is on disk
        /// @param version of the note, 0 where there is none
        record Told(boolean made, int version, Value value) implements Permission {}

        /// It may not.
        record Refused(String why) implements Permission {}
    }

    /// Give a message of the outbox to the run it is for. It is in the journal until that one has
    /// handled it.
    record Deliver(Message message) implements Deed {}

    /// A request was handled.
    ///
    /// @param refusal why it was not carried out, or null when it was
    record Answer(String request, @Nullable String refusal) implements Deed {}

    /// The run is over.
    record Ended(StreamId run, Status status) implements Deed {}

    /// Nothing can be written any more: the store has another owner.
    record Fenced() implements Deed {}
}

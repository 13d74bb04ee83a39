package dev.tutti.core.run;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import java.util.List;

/// What a run can be told. A command that comes too late, twice or for something unknown changes
/// nothing.
public sealed interface Command {

    /// Begin. The inputs are bound and the tasks checked.
    ///
    /// @param goal the workflow's name
    /// @param team hash of the team's definition
    /// @param output the template of the run's output
    record Start(
            RunId run,
            String goal,
            String team,
            Value.Struct inputs,
            List<Task> tasks,
            Value output)
            implements Command {
        public Start {
            tasks = List.copyOf(tasks);
        }
    }

    /// Places at agents are there for these tasks.
    record Dispatch(List<Offer> offers) implements Command {
        public Dispatch {
            offers = List.copyOf(offers);
        }
    }

    /// An attempt reports.
    ///
    /// @param artifacts what it stored, in order
    record Finish(long token, Outcome outcome, List<ArtifactStored> artifacts) implements Command {
        public Finish {
            artifacts = List.copyOf(artifacts);
        }
    }

    /// A timer may be due.
    record Fire(Timer timer) implements Command {}

    /// End the run without a result; attempts under way are asked to stop.
    record Cancel(String reason) implements Command {}
}

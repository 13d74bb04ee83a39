package dev.tutti.cli.view;

import dev.tutti.core.event.TaskId;
import dev.tutti.view.Overview;
import java.time.Instant;
import java.util.Map;

/// What a person sees of a run while it goes on. What is shown is on disk already.
public sealed interface View permits LiveView, PlainView, JsonLines, View.Silent {

    /// Shows how far the run is.
    ///
    /// @param progress what attempts say of how far they are
    void show(Overview overview, Map<TaskId, String> progress, Instant now);

    /// Says something that is not a part of the run.
    void say(String sentence);

    /// Shows what is left to show, and nothing more from now on.
    void end(Overview overview, Instant now);

    /// For programs: nothing at all.
    record Silent() implements View {
        @Override
        public void show(Overview overview, Map<TaskId, String> progress, Instant now) {}

        @Override
        public void say(String sentence) {}

        @Override
        public void end(Overview overview, Instant now) {}
    }
}

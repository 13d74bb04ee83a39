package dev.tutti.cli.view;

import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.view.Overview;
import dev.tutti.view.RunDocument;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Map;

/// For programs: whenever something changed, how the run is, a JSON object on a line.
public final class JsonLines implements View {
    private final PrintStream out;
    private long shown;
    private String last = "";

    public JsonLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(Overview overview, Map<TaskId, String> progress, Instant now) {
        if (overview.state().started() && overview.state().sequence() > shown) {
            shown = overview.state().sequence();
            print(overview);
        }
    }

    private void print(Overview overview) {
        var summary =
                RunSummary.of(
                        new Runs.Loaded(
                                StreamId.run(TenantId.LOCAL, overview.run()),
                                overview.state(),
                                overview.startedAt(),
                                overview.lastAt()));
        var line = Json.text(RunDocument.line(summary));
        if (!line.equals(last)) {
            out.println(line);
            out.flush();
            last = line;
        }
    }

    @Override
    public void say(String sentence) {}

    @Override
    public void end(Overview overview, Instant now) {
        show(overview, Map.of(), now);
    }
}

package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.StandIns;
import dev.tutti.Tutti;
import dev.tutti.core.event.Fault;
import dev.tutti.core.run.StandIn;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/// Outputs that stand in for the work of tasks.
final class StandInOption {
    @Option(
            names = "--stand-in",
            paramLabel = "TASK=JSON",
            description =
                    "An output that stands in for this task: nobody is asked, and it costs nothing."
                            + " TASK=@FILE reads it from a file. May be repeated")
    private List<String> written = List.of();

    @Option(
            names = "--stand-in-from",
            paramLabel = "RUN:TASK[,TASK…]",
            description =
                    "What these tasks gave in another run stands in for them, a fan-out as a whole."
                            + " May be repeated")
    private List<String> recorded = List.of();

    /// What was given, read from files and from other runs.
    ///
    /// @throws Refusal with everything that is wrong
    List<StandIn> of(Shell shell, Tutti tutti) {
        var standIns = new ArrayList<StandIn>();
        var faults = new ArrayList<Fault>();
        for (var one : written) {
            int end = one.indexOf('=');
            if (end < 1) {
                throw new Refusal(
                        "`--stand-in` takes TASK=JSON or TASK=@FILE, unlike `" + one + "`");
            }
            standIns.add(new StandIn(one.substring(0, end), json(shell, one, end), null));
        }
        for (var one : recorded) {
            int end = one.indexOf(':');
            if (end < 1 || end == one.length() - 1) {
                throw new Refusal("`--stand-in-from` takes RUN:TASK, unlike `" + one + "`");
            }
            try {
                standIns.addAll(
                        StandIns.recorded(
                                tutti.run(one.substring(0, end).toUpperCase(Locale.ROOT)),
                                List.of(one.substring(end + 1).split(",", -1))));
            } catch (Refusal e) {
                if (e.faults().isEmpty()) {
                    throw e;
                }
                faults.addAll(e.faults());
            }
        }
        if (!faults.isEmpty()) {
            throw new Refusal("what would stand in is not there:", faults);
        }
        return standIns;
    }

    private static dev.tutti.core.event.Value json(Shell shell, String option, int end) {
        var text = option.substring(end + 1);
        try {
            return Json.parse(
                    text.startsWith("@")
                            ? Files.readAllBytes(shell.directory().resolve(text.substring(1)))
                            : text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Refusal("`" + text.substring(1) + "` cannot be read: " + e.getMessage());
        } catch (JsonException e) {
            throw new Refusal(
                    "what stands in for `"
                            + option.substring(0, end)
                            + "` is not JSON: "
                            + e.getMessage());
        }
    }

    /// The same options once more.
    List<String> written() {
        var words = new ArrayList<String>();
        written.forEach(one -> words.addAll(List.of("--stand-in", one)));
        recorded.forEach(one -> words.addAll(List.of("--stand-in-from", one)));
        return words;
    }
}

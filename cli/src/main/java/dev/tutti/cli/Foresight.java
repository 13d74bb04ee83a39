package dev.tutti.cli;

import static java.util.Objects.requireNonNull;

import dev.tutti.Goal;
import dev.tutti.Planned;
import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.forecast.Experience;
import dev.tutti.forecast.Forecast;
import dev.tutti.forecast.Forecaster;
import dev.tutti.forecast.Guesses;
import dev.tutti.forecast.Recordings;
import dev.tutti.wiring.Definitions;
import dev.tutti.wiring.Store;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What commands that look ahead are told, and how they do it.
final class Foresight {
    private static final Pattern GUESS =
            Pattern.compile(
                    "([a-z][a-z0-9_]*)=(\\d{1,7}(?:\\.\\d{1,6})?)(?:\\.\\.(\\d{1,7}(?:\\.\\d{1,6})?))?");
    private static final int MOST_SAMPLES = 100_000;

    /// What takes longer than this ends with as many runs as there were time for.
    private static final Duration WITHIN = Duration.ofSeconds(20);

    @Mixin private final Options.InputOption input = new Options.InputOption();

    @Option(
            names = "--guess",
            paramLabel = "TASK=VALUE",
            description =
                    "How wide a fan-out is, such as read=12 or read=5..20, or in which share of runs a condition holds,"
                            + " such as fix=0.3, where no run is on record yet")
    private List<String> guesses = List.of();

    @Option(
            names = "--person",
            paramLabel = "TIME",
            description =
                    "How long people take to answer, where no answer is on record, such as 5m")
    private @Nullable String person;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "When the run has to be over: says how likely that is")
    private @Nullable String deadline;

    @Option(
            names = "--budget",
            paramLabel = "USD",
            description = "What the run may cost: says how likely that is")
    private @Nullable BigDecimal budget;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description =
                    "How often another run of the workflow begins beside it and shares its agents, such as 30s, or"
                            + " `recorded` for as often as lately. Default: never")
    private @Nullable String every;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "How many recorded runs it learns from, the newest. Default: 200")
    private int learned = 200;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description =
                    "How many runs are played. Default: 500, fewer where that would take longer than 20 s")
    private int samples = 500;

    @Option(names = "--seed", paramLabel = "N", description = "Gives other dice. Default: 1")
    private long seed = 1;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    Options.PlaceOption store() {
        return store;
    }

    /// What is on record of a workflow, if there is a store.
    ///
    /// @param before only what had ended then, or null
    Experience experience(
            Shell shell,
            Options.ShowOption show,
            Team team,
            String workflow,
            @Nullable Instant before) {
        if (learned < 0 || learned > MOST_SAMPLES) {
            throw new Refusal("`--runs` is from 0 to " + MOST_SAMPLES);
        }
        if (learned == 0 || (!store.isServer(shell) && !Store.exists(store.folder(shell)))) {
            return Experience.NONE;
        }
        try (var tutti = store.open(shell);
                var reader = tutti.reader();
                var progress = new Progress(shell, show.of(shell.errScreen()), "reading", "run")) {
            return Recordings.of(reader, workflow, learned, before, progress::at)
                    .experience(reader, new Definitions(), team);
        }
    }

    /// The inputs as they are given, those that are missing left out.
    Value.Struct given(Value.Struct document, Workflow workflow, Shell shell, TeamSource from) {
        var given = input.of(document, workflow.name(), shell, from);
        var bound = dev.tutti.core.goal.Inputs.bind(workflow.input(), given);
        var wrong =
                bound.faults().stream()
                        .filter(fault -> !fault.code().equals("E-INPUT-01"))
                        .toList();
        if (!wrong.isEmpty()) {
            throw Inputs.helped(
                    new Refusal("the inputs do not fit workflow `" + workflow.name() + "`:", wrong),
                    given);
        }
        return given.with(bound.values());
    }

    /// Refuses what has no plan and never will.
    static void plannedAtAll(Workflow workflow) {
        if (workflow.choreography() != null) {
            throw new Refusal(
                    "workflow `"
                            + workflow.name()
                            + "` has no plan: `tutti plan` shows who says what to whom");
        }
    }

    /// Has the planner of a goal make its first plan, where the runs of the store go on: here, or
    /// at the server. What is asked for is kept nowhere.
    Planned planned(Shell shell, dev.tutti.Team team, Workflow workflow, Value.Struct given)
            throws InterruptedException {
        shell.say("asking planner " + requireNonNull(workflow.planner()).agent());
        try (var tutti =
                store.isServer(shell) ? store.open(shell) : Tutti.inMemory(store.folder(shell))) {
            return tutti.plan(new Goal(team, workflow.name(), given));
        } catch (Refusal e) {
            throw Inputs.helped(e, given);
        }
    }

    /// Plays the plan.
    Forecast forecast(
            Shell shell,
            Options.ShowOption show,
            Team team,
            Workflow workflow,
            Value.Struct given,
            Experience experience) {
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw new Refusal("`--samples` is from 1 to " + MOST_SAMPLES);
        }
        var asked =
                new Forecaster.Asked(
                        team,
                        workflow,
                        given,
                        experience,
                        new Guesses(ranges(), time("--person", person)),
                        new Forecast.Bounds(
                                time("--deadline", deadline),
                                budget == null ? null : budget.doubleValue()),
                        every(experience),
                        samples,
                        WITHIN,
                        seed);
        try (var progress = new Progress(shell, show.of(shell.errScreen()), "playing", "run")) {
            return Forecaster.of(asked, progress::at);
        }
    }

    private Map<String, Guesses.Range> ranges() {
        var ranges = new LinkedHashMap<String, Guesses.Range>();
        for (var guess : guesses) {
            var match = GUESS.matcher(guess);
            if (!match.matches()) {
                throw new Refusal(
                        "`--guess " + guess + "` is not TASK=NUMBER or TASK=NUMBER..NUMBER");
            }
            double from = Double.parseDouble(match.group(2));
            double to = match.group(3) == null ? from : Double.parseDouble(match.group(3));
            if (from > to || to > 1_000_000) {
                throw new Refusal("`--guess " + guess + "` is no range up to a million");
            }
            ranges.put(match.group(1), new Guesses.Range(from, to));
        }
        return ranges;
    }

    private @Nullable Duration every(Experience experience) {
        if (every == null || !every.equals("recorded")) {
            return time("--every", every);
        }
        var recorded = experience.every();
        if (recorded == null) {
            throw new Refusal(
                    "fewer than three runs of the workflow are on record; say a time, `--every 30s`");
        }
        return recorded;
    }

    private static @Nullable Duration time(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return TimeText.parse(text.strip())
                .filter(Duration::isPositive)
                .orElseThrow(() ->
                        new Refusal(
                                "`" + option + " " + text + "` is no time; write `30s` or `5m`"));
    }
}

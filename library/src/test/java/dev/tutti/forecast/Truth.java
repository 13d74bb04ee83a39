package dev.tutti.forecast;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.history.Moment;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.teamfile.TeamFile;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A world with agents as they might really be: with tails so heavy that their variance is
/// infinite, with failures, with costs that follow the time, and with one that gets slower and
/// dearer from run to run. Runs of the real plan, with real data, begin by chance and share the
/// agents.
final class Truth implements VirtualTime.World {
    static final String TEAM =
            """
            tutti: 1
            agents:
              librarian: { skills: [retrieve], uses: simulated }
              reader: { skills: [summarize], uses: simulated, limits: { concurrency: 6 } }
              critic: { skills: [verify], uses: simulated, limits: { concurrency: 2 } }
              writer: { skills: [compose], uses: simulated, limits: { concurrency: 2 } }
            workflows:
              answer:
                input: { question: string }
                tasks:
                  search: { skill: retrieve, input: { query: "${input.question}" } }
                  read: { skill: summarize, each: "${search.passages}", input: { text: "${item}" },
                    retry: { attempts: 4, backoff: 1s..8s }, timeout: { run: 40s }, on_failure: [skip] }
                  deepen: { skill: summarize, when: "${search.hard}", input: { text: "${read}" } }
                  answer: { skill: compose, after: [deepen], input: { notes: "${read}" }, verify: { skill: verify } }
                output: "${answer}"
            """;

    private final SplittableRandom dice;
    private final double drift;
    private final int runs;

    /// @param drift by what factor the writer is slower at the end of all runs
    private Truth(long seed, double drift, int runs) {
        dice = new SplittableRandom(seed);
        this.drift = drift;
        this.runs = runs;
    }

    static Team team() {
        return TeamFile.parse(TEAM, "team.yaml").team().orElseThrow();
    }

    /// Runs that begin every so often on the average, each with all its events, in the order of
    /// their beginning.
    static List<List<Moment>> play(long seed, int runs, Duration every, double drift) {
        var truth = new Truth(seed, drift, runs);
        var time = new VirtualTime(team(), truth);
        var streams = new ArrayList<StreamId>();
        double at = 0;
        for (int i = 0; i < runs; i++) {
            var run = StreamId.run(TenantId.LOCAL, new RunId("r" + i));
            time.ask(
                    Duration.ofNanos((long) at),
                    run,
                    new Request.Start(
                            "answer",
                            Request.definition(Value.Struct.EMPTY),
                            Value.struct("question", Value.text("why?"))),
                    "ana");
            streams.add(run);
            at += -Math.log(1 - truth.dice.nextDouble()) * every.toNanos();
        }
        time.goOn(streams, Long.MAX_VALUE);
        return streams.stream().map(time::moments).toList();
    }

    @Override
    public VirtualTime.Work perform(Deed.Perform deed) {
        var attempt = deed.attempt();
        int number = Integer.parseInt(deed.run().run().value().substring(1));
        return switch (attempt.agent().value()) {
            case "librarian" -> {
                boolean hard = dice.nextDouble() < 0.3;
                int width = 3 + (int) (-Math.log(1 - dice.nextDouble()) * (hard ? 8 : 3));
                var passages = new ArrayList<Value>();
                for (int i = 0; i < Math.min(width, 40); i++) {
                    passages.add(Value.text("passage " + i));
                }
                yield work(
                        normal(1.0, 0.3),
                        0.0002,
                        0.02,
                        Value.struct(
                                "passages", new Value.Array(passages), "hard", Value.of(hard)));
            }
            case "reader" -> {
                double seconds = 1.5 * Math.pow(1 - dice.nextDouble(), -1 / 1.8);
                yield work(
                        seconds, 0.001 * seconds, 0.08, Value.struct("note", Value.text("a note")));
            }
            case "critic" ->
                    work(
                            normal(2.0, 0.5),
                            0.0008,
                            0.01,
                            Value.struct("ok", Value.of(dice.nextDouble() < 0.85)));
            default -> {
                double seconds = normal(6.0, 0.6) * Math.pow(drift, (double) number / runs);
                yield work(
                        seconds,
                        0.003 * seconds,
                        0.05,
                        Value.struct("text", Value.text("an answer")));
            }
        };
    }

    private VirtualTime.Work work(double seconds, double usd, double failure, Value output) {
        var usage =
                new Usage(
                        new Money(BigDecimal.valueOf(usd).setScale(9, RoundingMode.HALF_EVEN)),
                        0,
                        0);
        return new VirtualTime.Work(
                Duration.ofNanos((long) (seconds * 1e9)),
                dice.nextDouble() < failure
                        ? new Outcome.Failed(new Failure.Transient("busy", "it was busy"), usage)
                        : new Outcome.Succeeded(output, usage));
    }

    /// A lognormal draw.
    private double normal(double median, double sigma) {
        double gauss =
                Math.sqrt(-2 * Math.log(1 - dice.nextDouble()))
                        * Math.cos(2 * Math.PI * dice.nextDouble());
        return median * Math.exp(sigma * gauss);
    }

    @Override
    public VirtualTime.@Nullable Reply hear(StreamId run, Event event) {
        return null;
    }
}

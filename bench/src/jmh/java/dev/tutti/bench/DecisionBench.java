package dev.tutti.bench;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.dispatch.Want;
import dev.tutti.runtime.dispatch.Wish;
import dev.tutti.runtime.evidence.Content;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.quota.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// To whom a task goes, among agents that could all do it and of which something is known: the
/// choice with its reasons, the place taken, given back, and the next in line looked for.
///
/// The vector of what the task is about is given, as it would be by a model or by words.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
public class DecisionBench {
    private static final SkillId WORK = new SkillId("work");
    private static final Performer WORKER = new Performer.BySkill(WORK);
    private static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("R1"));
    private static final Instant START = Instant.EPOCH;
    private static final int DIMENSIONS = 512;
    private static final int CONTENTS = 64;

    /// Agents that can do the task.
    @Param({"100", "1000"})
    int agents;

    /// How one is chosen.
    @Param({"round_robin", "best", "learned"})
    String way;

    /// Whether tasks are told apart by what they are about.
    @Param({"none", "known"})
    String content;

    private Dispatcher dispatcher = new Dispatcher(_ -> true);
    private Team team = Team.NOBODY;
    private final List<Want> wants = new ArrayList<>();
    private long token;

    /// A team of which a few verdicts are known.
    @Setup
    public void begin() {
        var dice = new SplittableRandom(7);
        var all = new ArrayList<Agent>();
        for (int i = 0; i < agents; i++) {
            all.add(
                    new Agent(
                            new AgentId("a" + i),
                            List.of(WORK),
                            "http",
                            Value.Struct.EMPTY,
                            new Agent.Limits(1_000, null)));
        }
        var contents = new ArrayList<Content>();
        for (int i = 0; i < CONTENTS; i++) {
            contents.add(content.equals("none") ? Content.UNKNOWN : Content.of(vector(dice)));
        }
        var evidence = new Evidence(7);
        for (int i = 0; i < 3 * agents; i++) {
            var standing = evidence.standing(all.get(dice.nextInt(agents)), WORKER);
            var about = contents.get(dice.nextInt(CONTENTS));
            evidence.learn(standing, about, dice.nextInt(5) == 0 ? 0 : 1, START);
            evidence.paid(standing, dice.nextDouble(0.01), dice.nextDouble(5));
        }
        team = new Team(List.of(), all, List.of());
        dispatcher = new Dispatcher(_ -> true, evidence, Machine.boundless(), _ -> 1.0);
        var choice = Terms.Choice.of(Terms.Way.valueOf(way.toUpperCase(Locale.ROOT)));
        for (var about : contents) {
            var wish = new Wish(choice, 0, 1, about);
            wants.add(
                    new Want(
                            RUN, TaskId.of("t"), WORKER, "team", List.of(), null, List.of(), wish));
        }
    }

    private static float[] vector(SplittableRandom dice) {
        var vector = new float[DIMENSIONS];
        double length = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (dice.nextDouble() - 0.5);
            length += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(length);
        }
        return vector;
    }

    /// One decision.
    @Benchmark
    public Offer decide() {
        token++;
        var want = wants.get((int) (token % CONTENTS));
        var offer = dispatcher.offer(want, team, START).orElseThrow();
        dispatcher.grant(RUN, token, "team", offer);
        dispatcher.release(RUN, token, START);
        dispatcher.serve(START);
        return offer;
    }
}

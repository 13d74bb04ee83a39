package dev.tutti.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.plan.PlanCheck;
import dev.tutti.runtime.step.StepTaken;
import dev.tutti.runtime.topic.Enlisted;
import dev.tutti.runtime.topic.Posted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Worlds by chance: whatever the seed, every run ends once and nothing is violated. `-Dseeds=…`
/// for more of them; `./tutti-sim` for many.
@Isolated
class WorldTest {

    @Test
    void whatever_the_seed_every_run_ends_and_nothing_is_violated() {
        var tally = new Tally();
        LongStream.range(0, Integer.getInteger("seeds", 200))
                .parallel()
                .mapToObj(seed -> World.play(new Scenario(seed)))
                .toList()
                .forEach(tally::add);

        assertThat(tally.failed())
                .as(() -> tally.failed().stream().limit(3).map(WorldTest::told).toList().toString())
                .isEmpty();
        assertThat(tally.faults()).as("faults").containsOnlyKeys(Fault.values());
        assertThat(tally.kinds())
                .as("types of events, runs that wait for one another, attempts that ask")
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(
                                        Stream.of(
                                                World.CIRCLE,
                                                World.CONSULTATION,
                                                StepTaken.TYPE,
                                                "AgentDisabled",
                                                "AgentEnabled",
                                                Posted.TYPE),
                                        Stream.of(Event.class, Enlisted.class)
                                                .map(Class::getPermittedSubclasses)
                                                .flatMap(Arrays::stream)
                                                .map(Class::getSimpleName))
                                .toList());
        assertThat(tally.keys()).as("task keys").containsExactlyInAnyOrderElementsOf(KEYS);
    }

    /// What [Keys] can say: everything that a team file knows of tasks and people.
    private static final List<String> KEYS =
            List.of(
                    "skill",
                    "require",
                    "match",
                    "dispatch all",
                    "skill version",
                    "agent",
                    "workflow",
                    "await.message",
                    "await time",
                    "await.where",
                    "await.within",
                    "await.keep",
                    "await.keep false",
                    "await.topic",
                    "await.key",
                    "when",
                    "each",
                    "max",
                    "max computed",
                    "each.need",
                    "each.until",
                    "each.cancel_rest",
                    "each.cancel_rest false",
                    "loop",
                    "hand_off",
                    "delegate",
                    "group round_robin",
                    "group moderated",
                    "group relevance",
                    "group.until",
                    "join any",
                    "join k",
                    "join.cancel_rest",
                    "locks",
                    "cancels",
                    "choreography",
                    "until",
                    "expect",
                    "reacts_to",
                    "reacts_to.where",
                    "reacts_to.within",
                    "emits",
                    "emits.when",
                    "emit",
                    "emit.to",
                    "emit.topic",
                    "emit.key",
                    "retry",
                    "on_failure reroute",
                    "on_failure ask",
                    "on_failure skip",
                    "on_failure fail",
                    "on_failure replan",
                    "on_failure escalate",
                    "timeout.queued",
                    "timeout.run",
                    "timeout.idle",
                    "timeout.overall",
                    "accept",
                    "verify",
                    "effects idempotent",
                    "effects at_most_once",
                    "approve",
                    "compensate",
                    "policy allow",
                    "policy deny",
                    "policy ask",
                    "trust",
                    "label",
                    "limits.timeout",
                    "limits.idle",
                    "agent effects",
                    "human question",
                    "human choices",
                    "human ask",
                    "human otherwise",
                    "human remind",
                    "human quorum",
                    "human four_eyes",
                    "on_stall ask",
                    "on_stall fail",
                    "planner",
                    "planner.approve",
                    "planner.surprise",
                    "uses workflow",
                    "budget.usd",
                    "budget.tokens",
                    "budget.time",
                    "budget.attempts",
                    "budget.tasks",
                    "budget.runs",
                    "resolve",
                    "resolve.debate",
                    "resolve.then",
                    "mode decentralized",
                    "dispatch auction",
                    "dispatch claim",
                    "dispatch.reserve",
                    "dispatch.lease",
                    "bid",
                    "trigger message",
                    "trigger key",
                    "trigger where",
                    "trigger group",
                    "trigger cron, catch up none",
                    "trigger cron, catch up one",
                    "trigger cron, catch up all",
                    "overlap allow",
                    "overlap skip",
                    "overlap queue",
                    "overlap replace",
                    "notes.read",
                    "notes.trust",
                    "context",
                    "notes.agent",
                    "notes.write last",
                    "notes.write append",
                    "notes.write max",
                    "notes.write merge",
                    "notes.write computed",
                    "notes.expect absent",
                    "notes.expect read");

    private static String told(Report failed) {
        var smallest = Shrinking.of(World::play, failed);
        return "seed "
                + failed.scenario().seed()
                + ": "
                + failed.violations().getFirst()
                + "; smallest at step "
                + smallest.steps()
                + ": "
                + smallest.violations().getFirst()
                + "; ./tutti-sim "
                + smallest.scenario()
                + " --trace\n";
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8})
    void the_same_seed_gives_the_same_journal_byte_for_byte(long seed) {
        var once = World.play(new Scenario(seed));
        var again = World.play(new Scenario(seed));

        assertThat(again).isEqualTo(once);
        assertThat(once.events()).isPositive();
        assertThat(World.play(new Scenario(seed + 1)).hash()).isNotEqualTo(once.hash());
    }

    /// Scenarios in which something did not hold once, and why.
    static Stream<String> kept() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/seeds/found.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("kept")
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_a_seed_found_once_is_not_there_any_more(String line) {
        var seed = Long.parseLong(line.split(" ", 2)[0]);
        assertThat(World.play(new Scenario(seed)).violations()).as(line).isEmpty();
    }

    @Test
    void plans_by_chance_are_sound() {
        var expressions = new Expressions();
        for (long seed = 0; seed < 100; seed++) {
            var team = Plans.team(new SplittableRandom(seed), expressions);
            for (var workflow : team.workflows()) {
                assertThat(PlanCheck.check(expressions, plan(team, workflow)))
                        .as("seed %d, workflow %s", seed, workflow.name())
                        .filteredOn(fault -> fault.code().startsWith("E-"))
                        .isEmpty();
            }
        }
    }

    private static PlanCheck.Plan plan(Team team, Workflow workflow) {
        var inputs =
                team.workflows().stream()
                        .collect(
                                Collectors.toMap(
                                        Workflow::name,
                                        Workflow::input,
                                        (one, _) -> one,
                                        LinkedHashMap::new));
        return new PlanCheck.Plan(
                workflow.name(),
                workflow.input(),
                workflow.tasks(),
                workflow.output(),
                team.skills(),
                team.agents(),
                inputs,
                workflow.notes());
    }
}

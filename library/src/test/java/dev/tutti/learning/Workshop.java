package dev.tutti.learning;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.history.Moment;
import dev.tutti.forecast.VirtualTime;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.Amendments;
import dev.tutti.teamfile.TeamFile;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A team whose truth is known, drawn from a seed: how good, how dear and how fast each agent
/// really is. What is good is not on record; the critics see most of it.
final class Workshop {
    static final String TEAM =
            """
            tutti: 1
            agents:
              scout: { skills: [look_up], uses: simulated }
              writer_a: { skills: [write], uses: simulated }
              writer_b: { skills: [write], uses: simulated }
              writer_c: { skills: [write], uses: simulated }
              editor: { skills: [edit], uses: simulated }
              critic: { skills: [judge], uses: simulated }
            workflows:
              main:
                input: { topic: string }
                tasks:
                  weather: { skill: look_up, input: { about: "${input.topic}" } }
                  # news does not need the weather
                  news: { skill: look_up, input: { about: "${input.topic}" }, after: [weather] }
                  text:
                    skill: write
                    input: { weather: "${weather}", news: "${news}" }
                    verify: { skill: judge }
                    retry: { attempts: 6, backoff: 1s }
                  clean:
                    skill: edit
                    input: { text: "${text.result}" }
                    verify: { skill: judge }
                output: "${clean}"
            """;

    /// The same work as a goal: `chief` makes the plan, at a price.
    static final String GOAL =
            TEAM.substring(0, TEAM.indexOf("workflows:"))
                    + """
                      chief: { skills: [plan], uses: simulated }
                    workflows:
                      # what we tell our readers
                      main:
                        input: { topic: string }
                        goal: "Write on ${input.topic}"
                        planner: chief
                        wants: text  # and nothing else
                        budget: { time: 10h }
                    """
                            .replaceAll("(?m)^(?=chief)", "  ");

    private static final String PLAN =
            """
            { "reason": "as always",
              "tasks": {
                "weather": { "skill": "look_up", "input": { "about": "${input.topic}" } },
                "news": { "skill": "look_up", "input": { "about": "${input.topic}" }, "after": ["weather"] },
                "text": { "skill": "write", "input": { "weather": "${weather}", "news": "${news}" },
                          "verify": { "skill": "judge" }, "retry": { "attempts": 6, "backoff": "1s" } },
                "clean": { "skill": "edit", "input": { "text": "${text.result}" }, "verify": { "skill": "judge" } } },
              "output": { "text": "${clean.result}" }, "complete": true }
            """;

    /// How often the chief leaves out the weather.
    private double whims;

    /// An agent as it really is.
    private record Nature(double good, double usd, double seconds) {}

    private final Map<String, Nature> natures = new LinkedHashMap<>();

    Workshop(long seed) {
        var dice = new SplittableRandom(seed);
        natures.put("scout", new Nature(1, 0.002, 3));
        for (var writer : List.of("writer_a", "writer_b", "writer_c")) {
            natures.put(
                    writer,
                    new Nature(
                            0.55 + 0.43 * dice.nextDouble(),
                            0.01 * Math.exp(1.5 * dice.nextDouble()),
                            2 + 10 * dice.nextDouble()));
        }
        natures.put("editor", new Nature(1, 0.004, 2));
        natures.put("critic", new Nature(1, 0.003, 1.5));
        natures.put("chief", new Nature(1, 0.01 + 0.02 * dice.nextDouble(), 6));
    }

    /// How often the scout fails for good.
    private double failures;

    /// One whose scout fails for good now and then.
    Workshop luckless(double share) {
        failures = share;
        return this;
    }

    /// One whose chief does not always plan the same.
    Workshop whims(double share) {
        whims = share;
        return this;
    }

    /// What runs really came to.
    ///
    /// @param usd a run, on the average
    /// @param seconds a run, on the average
    /// @param good the share of runs whose result is really good
    record Truth(double usd, double seconds, double good) {}

    static Value.Struct document() {
        return TeamFile.parse(TEAM, "team.yaml").document();
    }

    static Value.Struct goal() {
        return TeamFile.parse(GOAL, "team.yaml").document();
    }

    /// Plays runs of a document of the team, one at a time.
    List<List<Moment>> play(Value.Struct document, int runs, long seed) {
        var dice = new SplittableRandom(seed);
        var team = TeamFile.fromDocument(document);
        var time = new VirtualTime(team, new Cast(dice, team));
        var streams = new ArrayList<StreamId>();
        for (int i = 0; i < runs; i++) {
            var run = StreamId.run(TenantId.LOCAL, new RunId("r" + i));
            time.ask(
                    Duration.ofHours(i),
                    run,
                    new Request.Start(
                            "main",
                            Request.definition(Value.Struct.EMPTY),
                            Value.struct("topic", Value.text(i % 2 == 0 ? "tea" : "ale"))),
                    "ana");
            streams.add(run);
        }
        time.goOn(streams, Long.MAX_VALUE);
        return streams.stream().map(time::moments).toList();
    }

    static Truth truth(List<List<Moment>> runs) {
        double usd = 0;
        double seconds = 0;
        double good = 0;
        for (var run : runs) {
            seconds += Duration.between(run.getFirst().at(), run.getLast().at()).toNanos() / 1e9;
            boolean succeeded = false;
            boolean wellDone = false;
            for (var moment : run) {
                switch (moment.event()) {
                    case Event.AttemptEnded e -> usd += e.usage().usd().usd().doubleValue();
                    case Event.ResultProposed e -> usd += e.usage().usd().usd().doubleValue();
                    case Event.ResultAccepted e -> {
                        usd += e.usage().usd().usd().doubleValue();
                        if (e.task().name().equals("text")) {
                            wellDone = e.output().toString().contains("good");
                        }
                    }
                    case Event.Ended e -> succeeded = e.status() == Status.SUCCEEDED;
                    default -> {}
                }
            }
            good += succeeded && wellDone ? 1 : 0;
        }
        return new Truth(usd / runs.size(), seconds / runs.size(), good / runs.size());
    }

    private final class Cast implements VirtualTime.World {
        private final SplittableRandom dice;
        private final Team team;

        Cast(SplittableRandom dice, Team team) {
            this.dice = dice;
            this.team = team;
        }

        @Override
        public VirtualTime.Work perform(Deed.Perform deed) {
            var agent = deed.attempt().agent().value();
            var nature = natures.getOrDefault(agent, new Nature(1, 0, 1));
            var output =
                    agent.equals("critic")
                            ? Value.struct("ok", Value.of(verdict(deed.attempt().input())))
                            : Value.struct(
                                    "result",
                                    Value.text(
                                            dice.nextDouble() < nature.good()
                                                    ? "good work"
                                                    : "bad work"));
            if (agent.equals("scout") && failures > 0 && dice.nextDouble() < failures) {
                return new VirtualTime.Work(
                        Duration.ofSeconds(1),
                        Outcome.failed(new Failure.Permanent("lost", "nothing was found")));
            }
            double factor = Math.exp(0.8 * (dice.nextDouble() - 0.5));
            var usage =
                    new Usage(
                            new Money(
                                    BigDecimal.valueOf(nature.usd() * factor)
                                            .setScale(9, RoundingMode.HALF_EVEN)),
                            0,
                            0);
            return new VirtualTime.Work(
                    Duration.ofNanos((long) (nature.seconds() * factor * 1e9)),
                    agent.equals("chief")
                            ? planned(deed, usage)
                            : new Outcome.Succeeded(output, usage));
        }

        private Outcome planned(Deed.Perform deed, Usage usage) {
            var plan = (Value.Struct) Json.parse(PLAN);
            if (dice.nextDouble() < whims) {
                plan = (Value.Struct) Json.parse(PLAN.replace("\"weather\": \"${weather}\", ", ""));
            }
            var amendment =
                    Amendments.read(
                            plan,
                            team,
                            "main",
                            deed.attempt().planned(),
                            deed.attempt().plan(),
                            "chief");
            return new Outcome.Planned(amendment, plan, usage);
        }

        /// What is good is seldom taken for bad; of what is bad nine in ten are seen.
        private boolean verdict(Value.Struct looked) {
            var output = String.valueOf(looked.get("output"));
            return !output.contains("bad work") || dice.nextDouble() < 0.1;
        }

        @Override
        public VirtualTime.@Nullable Reply hear(StreamId run, Event event) {
            return null;
        }
    }
}

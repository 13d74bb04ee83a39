package dev.tutti.simulation.dispatch;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.evidence.Content;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.simulation.dispatch.Answers.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Questions that come one by one, each given to one of the models, of which nothing is known but
/// how good the answers were that it was asked for.
final class Routing {
    private static final SkillId ANSWER = new SkillId("answer");

    private final Answers answers;
    private final Terms.Worth worth;
    private final boolean content;

    /// How it went.
    ///
    /// @param scores of the answers, in order
    /// @param usd what all answers cost
    record Course(double[] scores, double usd) {
        double mean(int from, int to) {
            return Arrays.stream(scores, from, to).average().orElseThrow();
        }

        double last(int count) {
            return mean(scores.length - count, scores.length);
        }
    }

    /// @param content whether what a question is about is known
    Routing(Answers answers, Terms.Worth worth, boolean content) {
        this.answers = answers;
        this.worth = worth;
        this.content = content;
    }

    /// @param swapped two models that answer for each other in the second half, or none
    Course run(long seed, int... swapped) {
        var order = answers.shuffled(seed);
        var evidence = new Evidence(seed);
        var skill = new Performer.BySkill(ANSWER);
        var agents = agents(answers.models());
        var standings = agents.stream().map(agent -> evidence.standing(agent, skill)).toList();
        var panel = evidence.panel(agents, skill);
        var free = new boolean[agents.size()];
        Arrays.fill(free, true);
        var scores = new double[order.size()];
        double usd = 0;
        for (int i = 0; i < scores.length; i++) {
            var question = order.get(i);
            var about = content ? question.content() : Content.UNKNOWN;
            int chosen =
                    panel.choose(Terms.Way.LEARNED, worth, about, free, new double[agents.size()]);
            int who = i >= scores.length / 2 ? other(chosen, swapped) : chosen;
            scores[i] = question.scores()[who];
            usd += answers.usd()[who];
            evidence.paid(standings.get(chosen), answers.usd()[who], 1);
            evidence.learn(standings.get(chosen), about, scores[i], Instant.EPOCH.plusSeconds(i));
        }
        return new Course(scores, usd / scores.length);
    }

    private static int other(int one, int... swapped) {
        for (int i = 0; i < swapped.length; i++) {
            if (swapped[i] == one) {
                return swapped[swapped.length - 1 - i];
            }
        }
        return one;
    }

    private static List<Agent> agents(List<String> models) {
        var agents = new ArrayList<Agent>();
        for (var model : models) {
            var id = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
            agents.add(
                    new Agent(
                            new AgentId("m" + id),
                            List.of(ANSWER),
                            "llm",
                            Value.Struct.EMPTY,
                            Agent.Limits.DEFAULT));
        }
        return agents;
    }

    /// The model that would have been the best to ask always, over some of the questions.
    static int bestSingle(List<Question> questions) {
        int best = 0;
        double most = -1;
        for (int i = 0; i < questions.getFirst().scores().length; i++) {
            int model = i;
            double mean =
                    questions.stream()
                            .mapToDouble(question -> question.scores()[model])
                            .average()
                            .orElseThrow();
            if (mean > most) {
                most = mean;
                best = i;
            }
        }
        return best;
    }

    static Terms.Worth worth(String result, double explore) {
        return new Terms.Worth(Money.of(result), Money.ZERO, explore);
    }
}

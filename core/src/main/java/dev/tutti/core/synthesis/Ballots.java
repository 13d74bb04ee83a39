package dev.tutti.core.synthesis;

import java.util.Arrays;

/// Answers of several agents to several questions, all of them by number.
///
/// An agent may have answered a question once or not at all; a second answer counts as another
/// ballot. The numbers say nothing: what question 7 and answer 2 are, the caller knows.
public final class Ballots {
    private final int agents;
    private final int answers;
    private final int[] from;
    private final int[] agent;
    private final int[] answer;

    private Ballots(int agents, int answers, int[] from, int[] agent, int[] answer) {
        this.agents = agents;
        this.answers = answers;
        this.from = from;
        this.agent = agent;
        this.answer = answer;
    }

    /// Ballots that are still being cast.
    public static final class Casting {
        private int[] items = new int[64];
        private int[] agents = new int[64];
        private int[] answers = new int[64];
        private int size;

        /// One agent's answer to one question, each a number from 0 on.
        public void add(int item, int agent, int answer) {
            if (item < 0 || agent < 0 || answer < 0) {
                throw new IllegalArgumentException(
                        "numbers from 0 on: " + item + ", " + agent + ", " + answer);
            }
            if (size == items.length) {
                items = Arrays.copyOf(items, 2 * size);
                agents = Arrays.copyOf(agents, 2 * size);
                answers = Arrays.copyOf(answers, 2 * size);
            }
            items[size] = item;
            agents[size] = agent;
            answers[size] = answer;
            size++;
        }

        /// All of them, for as many questions, agents and answers as there are numbers.
        public Ballots done() {
            return sorted(1 + highest(items), 1 + highest(agents), 1 + highest(answers));
        }

        /// All of them, where there are so many possible answers; those beyond what was given are
        /// answers that nobody gave.
        Ballots done(int possible) {
            return sorted(
                    1 + highest(items),
                    1 + highest(agents),
                    Math.max(possible, 1 + highest(answers)));
        }

        private int highest(int[] numbers) {
            int most = -1;
            for (int i = 0; i < size; i++) {
                most = Math.max(most, numbers[i]);
            }
            return most;
        }

        /// Question by question, in the order in which they were cast.
        private Ballots sorted(int questions, int people, int choices) {
            int[] from = new int[questions + 1];
            for (int i = 0; i < size; i++) {
                from[items[i] + 1]++;
            }
            for (int i = 0; i < questions; i++) {
                from[i + 1] += from[i];
            }
            int[] next = Arrays.copyOf(from, questions);
            int[] who = new int[size];
            int[] what = new int[size];
            for (int i = 0; i < size; i++) {
                int at = next[items[i]]++;
                who[at] = agents[i];
                what[at] = answers[i];
            }
            return new Ballots(people, Math.max(2, choices), from, who, what);
        }
    }

    /// How many questions there are.
    public int items() {
        return from.length - 1;
    }

    public int agents() {
        return agents;
    }

    /// How many answers a question can have; at least 2.
    public int answers() {
        return answers;
    }

    /// How many ballots were cast.
    public int size() {
        return agent.length;
    }

    /// How many answered this question.
    public int size(int item) {
        return from[item + 1] - from[item];
    }

    /// The first ballot of a question; those of a question lie side by side.
    int first(int item) {
        return from[item];
    }

    /// Past the last ballot of a question.
    int end(int item) {
        return from[item + 1];
    }

    /// Who cast a ballot.
    int agent(int ballot) {
        return agent[ballot];
    }

    /// What a ballot says.
    int answer(int ballot) {
        return answer[ballot];
    }

    /// These without one ballot of each question that has at least two.
    ///
    /// @param left the ballot that is left out, by question; -1 for none
    Ballots without(int[] left) {
        var from = new int[this.from.length];
        var agent = new int[this.agent.length];
        var answer = new int[this.answer.length];
        int size = 0;
        for (int item = 0; item < items(); item++) {
            for (int ballot = first(item); ballot < end(item); ballot++) {
                if (ballot != left[item]) {
                    agent[size] = this.agent[ballot];
                    answer[size++] = this.answer[ballot];
                }
            }
            from[item + 1] = size;
        }
        return new Ballots(
                agents, answers, from, Arrays.copyOf(agent, size), Arrays.copyOf(answer, size));
    }
}

package dev.tutti.core.history;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Contribution.Means;
import dev.tutti.core.history.Precedents.Precedent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who a wrong value came from: every event that brought something that went into it, ranked by
/// what the journals say for and against it.
///
/// The strongest sign is an agent that contradicts itself: given the same by the same name and
/// settings, it gave something else another time. The first such event is where this run left the
/// usual course. An agent that gave what it always gives is next to cleared. Where nothing is on
/// record, only how the value flowed speaks, and the suspects are much alike.
///
/// @param suspects the most suspicious first
/// @param unmoved tasks that came before, but nothing of theirs went into the value
/// @param runs how many other runs were looked at
public record Blame(List<Suspect> suspects, List<TaskId> unmoved, int runs) {

    /// How much each sign counts, as a factor. They are judgements, not measurements, but for the
    /// first two, which come from how steady the agent was.
    private static final double MOST_FOR_A_CONTRADICTION = 200;

    private static final double VOUCHED = 5;
    private static final double STRANGE_SHAPE = 10;
    private static final double HAD_THE_RIGHT_VALUE = 10;
    private static final double GAVE_THE_RIGHT_VALUE = 0.05;
    private static final double CARRIED = 0.1;
    private static final double VERIFIED = 0.5;
    private static final double ACCEPTED = 0.8;
    private static final double FAILED_BEFORE = 1.2;
    private static final double NOTHING = 2;
    private static final double EDITED = 2;
    private static final double ASKED = 0.25;
    private static final int ENOUGH_SHAPES = 5;

    public Blame {
        suspects = List.copyOf(suspects);
        unmoved = List.copyOf(unmoved);
    }

    /// What is wrong.
    ///
    /// @param task whose output, or null for the run's
    /// @param paths the places in it that are wrong; the whole is one without steps
    /// @param expected what should be there instead, at the first of `paths`, or null
    public record Target(
            @Nullable TaskId task, List<List<String>> paths, @Nullable Value expected) {
        public Target {
            paths = List.copyOf(paths);
        }

        /// All of an output.
        public static Target whole(@Nullable TaskId task) {
            return new Target(task, List.of(List.of()), null);
        }

        /// Where an output is not as it should be.
        ///
        /// @param actual what the task, or the run, gave
        /// @param path the place that is meant, without steps for all of it
        public static Target expecting(
                @Nullable TaskId task, Value actual, List<String> path, Value expected) {
            var there = Deviation.at(actual, path);
            var deviations =
                    Deviation.between(there == null ? Value.NULL : there, expected, MOST_PATHS);
            var paths = new ArrayList<List<String>>();
            Value right = expected;
            for (var deviation : deviations) {
                var longer = new ArrayList<>(path);
                longer.addAll(deviation.path());
                paths.add(longer);
                right = deviation.right() == null ? expected : deviation.right();
            }
            return paths.isEmpty()
                    ? new Target(task, List.of(path), expected)
                    : new Target(task, paths, paths.size() == 1 ? right : expected);
        }

        private static final int MOST_PATHS = 16;
    }

    /// An event that may have brought the wrong value.
    ///
    /// @param share of all suspicion, from 0 to 1
    /// @param paths what of it went on
    /// @param reasons why it is ranked as it is, the strongest first
    public record Suspect(
            Source source, double share, List<List<String>> paths, List<Reason> reasons) {
        public Suspect {
            paths = List.copyOf(paths);
            reasons = List.copyOf(reasons);
        }

        /// Whether it is more than a place on the way of the value.
        public boolean contradicts() {
            return reasons.stream().anyMatch(Reason.Contradicts.class::isInstance);
        }
    }

    /// A sign for or against a suspect.
    public sealed interface Reason {
        /// Given the same, the agent gave something else.
        ///
        /// @param times how often; `run`, `at` and `output` are of the latest
        record Contradicts(RunId run, long at, Value output, int times, boolean vouched)
                implements Reason {}

        /// Given the same, the agent gave the same.
        record Confirmed(RunId run, int times) implements Reason {}

        /// Given the same, the agent gave this now and that then.
        record Unsteady(int alike, int unlike) implements Reason {}

        /// No result of the agent has a shape like this.
        record StrangeShape(int others) implements Reason {}

        /// What is expected was in its input, and is not in its output.
        record LostTheValue() implements Reason {}

        /// What is expected is in its output.
        record GaveTheValue() implements Reason {}

        /// What went on was in its input already.
        record HandedThrough() implements Reason {}

        /// It was skipped: what went on is nothing.
        record Skipped() implements Reason {}

        /// No attempt was left: what went on is nothing.
        record Failed() implements Reason {}

        /// It passed this gate.
        record Passed(String gate) implements Reason {}

        /// Attempts at it had failed before.
        record FailedBefore(List<String> codes) implements Reason {
            public FailedBefore {
                codes = List.copyOf(codes);
            }
        }

        /// A person did it.
        record ByPerson() implements Reason {}

        /// The agent was never given the same before.
        record NoRecord() implements Reason {}
    }

    /// Ranks all that went into a value.
    public static Blame of(
            Chronicle run, Target target, Precedents precedents, Expressions expressions) {
        var flow = Flow.into(run, target, expressions);
        var scores = new ArrayList<Scored>();
        flow.forEach((source, demand) ->
                scores.add(new Weighing(source, demand, target, precedents).weigh()));
        scores.sort(
                Comparator.comparingDouble(Scored::score)
                        .reversed()
                        .thenComparingLong(scored -> scored.source().at()));
        double total = scores.stream().mapToDouble(Scored::score).sum();
        var suspects =
                scores.stream()
                        .map(scored ->
                                new Suspect(
                                        scored.source(),
                                        total == 0 ? 0 : scored.score() / total,
                                        scored.paths(),
                                        scored.reasons()))
                        .toList();
        return new Blame(suspects, unmoved(run, target, flow.keySet()), precedents.runs());
    }

    private record Scored(
            Source source, double score, List<List<String>> paths, List<Reason> reasons) {}

    /// Tasks that the looked-at one waited for, directly or through others, without a part in it.
    private static List<TaskId> unmoved(Chronicle run, Target target, Set<Source> flow) {
        var moved = new LinkedHashSet<String>();
        flow.forEach(source -> {
            var task = source.task();
            if (task != null) {
                moved.add(task.name());
            }
        });
        var before = new LinkedHashSet<String>();
        var toLookAt = new java.util.ArrayDeque<>(moved);
        if (target.task() != null) {
            toLookAt.add(target.task().name());
        }
        while (!toLookAt.isEmpty()) {
            var task = run.declaration(toLookAt.remove());
            for (var dependency : task == null ? List.<String>of() : task.dependencies()) {
                if (before.add(dependency)) {
                    toLookAt.add(dependency);
                }
            }
        }
        before.removeAll(moved);
        return before.stream().map(TaskId::of).toList();
    }

    /// Weighs one suspect.
    private static final class Weighing {
        private final Source source;
        private final Flow.Demand demand;
        private final Target target;
        private final Precedents precedents;
        private final List<Reason> reasons = new ArrayList<>();
        private double score;

        Weighing(Source source, Flow.Demand demand, Target target, Precedents precedents) {
            this.source = source;
            this.demand = demand;
            this.target = target;
            this.precedents = precedents;
            score = demand.weight();
        }

        Scored weigh() {
            switch (source) {
                case Source.Asked _ -> score *= ASKED;
                case Source.Edited _ -> {
                    score *= EDITED;
                    reasons.add(new Reason.ByPerson());
                }
                case Source.Result(var result) -> result(result);
            }
            return new Scored(source, score, demand.paths(), reasons);
        }

        private void result(Contribution result) {
            record(result);
            expected(result);
            if (demand.carried()) {
                sign(CARRIED, new Reason.HandedThrough());
            }
            switch (result.means()) {
                case SKIPPED -> sign(NOTHING, new Reason.Skipped());
                case FAILED -> sign(NOTHING, new Reason.Failed());
                case PERSON -> sign(1, new Reason.ByPerson());
                case AGENT, CHILD, MESSAGE -> {}
            }
            for (var gate : result.gates()) {
                sign(gate.equals("verify") ? VERIFIED : ACCEPTED, new Reason.Passed(gate));
            }
            if (!result.failures().isEmpty()) {
                sign(FAILED_BEFORE, new Reason.FailedBefore(result.failures()));
            }
        }

        private void sign(double factor, Reason reason) {
            score *= factor;
            reasons.add(reason);
        }

        /// What the agent gave other times.
        private void record(Contribution result) {
            if (result.means() != Means.AGENT && result.means() != Means.CHILD) {
                return;
            }
            var alike = new ArrayList<Precedent>();
            var unlike = new ArrayList<Precedent>();
            for (var precedent : precedents.of(result)) {
                (isAlike(result, precedent) ? alike : unlike).add(precedent);
            }
            double steadiness = precedents.steadiness(result);
            if (alike.isEmpty() && unlike.isEmpty()) {
                shape(result);
            } else if (unlike.isEmpty()) {
                sign(1 - steadiness, new Reason.Confirmed(alike.getLast().run(), alike.size()));
            } else if (alike.isEmpty()) {
                var latest =
                        unlike.stream()
                                .filter(Precedent::vouched)
                                .findFirst()
                                .orElse(unlike.getFirst());
                double factor = Math.min(MOST_FOR_A_CONTRADICTION, 1 / (1 - steadiness));
                sign(
                        latest.vouched() ? factor * VOUCHED : factor,
                        new Reason.Contradicts(
                                latest.run(),
                                latest.at(),
                                latest.output(),
                                unlike.size(),
                                latest.vouched()));
            } else {
                sign(
                        2.0 * unlike.size() / (alike.size() + unlike.size()),
                        new Reason.Unsteady(alike.size(), unlike.size()));
            }
        }

        /// Only what went on is compared: notes and times beside it may differ.
        private boolean isAlike(Contribution result, Precedent precedent) {
            return demand.paths().stream()
                    .allMatch(path ->
                            java.util.Objects.equals(
                                    Deviation.at(result.output(), path),
                                    Deviation.at(precedent.output(), path)));
        }

        private void shape(Contribution result) {
            int others = precedents.without(result);
            if (others >= ENOUGH_SHAPES) {
                sign(STRANGE_SHAPE, new Reason.StrangeShape(others));
            } else if (precedents.runs() > 0) {
                reasons.add(new Reason.NoRecord());
            }
        }

        private void expected(Contribution result) {
            var expected = target.expected();
            if (expected == null || !Significance.of(expected)) {
                return;
            }
            boolean gave =
                    demand.paths().stream()
                            .map(path -> Deviation.at(result.output(), path))
                            .anyMatch(
                                    value -> value != null && Significance.within(value, expected));
            if (gave) {
                sign(GAVE_THE_RIGHT_VALUE, new Reason.GaveTheValue());
            } else if (Significance.within(result.input(), expected)) {
                sign(HAD_THE_RIGHT_VALUE, new Reason.LostTheValue());
            }
        }
    }
}

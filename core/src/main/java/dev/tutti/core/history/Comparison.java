package dev.tutti.core.history;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Two runs, task by task: where they part first, what of the rest follows from that, and what
/// differs for reasons of its own.
///
/// Tasks are the same when the plan calls them the same; items of a fan-out when they were given
/// the same, and else by their place. When things happened does not count, nor in which order.
///
/// @param changes what differs, the first divergence first, then in the order of the left run
/// @param same how many tasks do not differ, items of fan-outs each
/// @param retried of those, the ones that took other attempts to come to the same
public record Comparison(List<Change> changes, int same, List<TaskId> retried) {
    private static final String NOT_FINISHED = "not finished";
    private static final String SKIPPED_WORD = "skipped";

    public Comparison {
        changes = List.copyOf(changes);
        retried = List.copyOf(retried);
    }

    /// What two runs can differ in at one task, in the order of causes.
    public enum Aspect {
        /// What was asked of the run.
        ASKED,
        PLAN,
        WIDTH,
        INPUT,
        AGENT,
        OUTCOME,
        OUTPUT;

        /// As programs read it.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// One thing that differs.
    ///
    /// @param leftAt the event that says so in the left run, 0 when none does
    /// @param rightAt the event that says so in the right run, 0 when none does
    /// @param left what is there, or null when there is nothing
    /// @param right what is there, or null when there is nothing
    public record Difference(
            Aspect aspect,
            long leftAt,
            long rightAt,
            @Nullable Value left,
            @Nullable Value right) {}

    /// How a change hangs together with the first one.
    public enum Cause {
        /// It is the first divergence.
        FIRST,
        /// It was given what the first divergence, or something after it, had changed.
        DOWNSTREAM,
        /// It would be there without the first divergence.
        INDEPENDENT
    }

    /// A task that differs.
    ///
    /// @param left the task in the left run, or null when only the right one has it; both are null
    ///   for what was asked of the run
    /// @param right the task in the right run, or null when only the left one has it
    public record Change(
            @Nullable TaskId left,
            @Nullable TaskId right,
            Cause cause,
            List<Difference> differences) {
        public Change {
            differences = List.copyOf(differences);
        }

        /// The name in the plan, or null for what was asked of the run.
        @Nullable String name() {
            var either = left == null ? right : left;
            return either == null ? null : either.name();
        }

        boolean differsIn(Aspect aspect) {
            return differences.stream().anyMatch(one -> one.aspect() == aspect);
        }

        long place() {
            return differences.stream()
                    .mapToLong(one -> one.leftAt() == 0 ? one.rightAt() : one.leftAt())
                    .min()
                    .orElse(Long.MAX_VALUE);
        }

        /// It was under way when one of the runs ended.
        boolean isCutOff() {
            return !differsIn(Aspect.PLAN) && isOutcome(NOT_FINISHED) && !differsIn(Aspect.INPUT);
        }

        boolean isSkippedInOne() {
            return isOutcome(SKIPPED_WORD);
        }

        private boolean isOutcome(String word) {
            return differences.stream()
                    .filter(one -> one.aspect() == Aspect.OUTCOME)
                    .anyMatch(one ->
                            Value.text(word).equals(one.left())
                                    || Value.text(word).equals(one.right()));
        }

        Change because(Cause other) {
            return new Change(left, right, other, differences);
        }
    }

    /// The earliest event at which they part without a cause that differs, or empty.
    public Optional<Change> first() {
        return changes.stream().filter(change -> change.cause() == Cause.FIRST).findFirst();
    }

    /// Those that hang together with the first divergence in that way.
    public List<Change> all(Cause cause) {
        return changes.stream().filter(change -> change.cause() == cause).toList();
    }

    /// Compares two runs.
    ///
    /// @param expressions reads which tasks name the inputs of the run
    public static Comparison of(Chronicle left, Chronicle right, Expressions expressions) {
        var aligned = new Aligning(left, right);
        return new Comparison(
                new Consequences(left, right, expressions).sort(aligned.found),
                aligned.same,
                aligned.retried);
    }

    /// Finds what differs, task by task.
    private static final class Aligning {
        private final Chronicle left;
        private final Chronicle right;
        private final List<Change> found = new ArrayList<>();
        private final List<TaskId> retried = new ArrayList<>();
        private int same;

        Aligning(Chronicle left, Chronicle right) {
            this.left = left;
            this.right = right;
            asked();
            names().forEach(this::task);
        }

        private Set<String> names() {
            var names = new LinkedHashSet<String>();
            left.plan().forEach(task -> names.add(task.name()));
            right.plan().forEach(task -> names.add(task.name()));
            return names;
        }

        private void asked() {
            var one = left.start();
            var other = right.start();
            var differences =
                    differing(
                            new Difference(
                                    Aspect.PLAN,
                                    1,
                                    1,
                                    Value.text(one.goal()),
                                    Value.text(other.goal())),
                            new Difference(Aspect.ASKED, 1, 1, one.inputs(), other.inputs()));
            if (!differences.isEmpty()) {
                found.add(new Change(null, null, Cause.INDEPENDENT, differences));
            }
        }

        private void task(String name) {
            var one = left.fan(name);
            var other = right.fan(name);
            if (one == null && other == null) {
                pair(TaskId.of(name), TaskId.of(name));
                return;
            }
            var differences = new ArrayList<Difference>();
            plan(name, differences);
            differences.addAll(
                    differing(
                            new Difference(
                                    Aspect.WIDTH,
                                    one == null ? 0 : one.at(),
                                    other == null ? 0 : other.at(),
                                    one == null ? null : Value.of(one.width()),
                                    other == null ? null : Value.of(other.width()))));
            if (!differences.isEmpty()) {
                found.add(
                        new Change(
                                TaskId.of(name), TaskId.of(name), Cause.INDEPENDENT, differences));
            }
            items(name, one == null ? 0 : one.width(), other == null ? 0 : other.width());
        }

        /// Items that were given the same belong together, the first with the first; the others by
        /// their place among what is left.
        private void items(String name, int width, int otherWidth) {
            int alike = 0;
            while (alike < Math.min(width, otherWidth) && isAlike(new TaskId(name, alike))) {
                // Where all before it are, the first that was given the same has the same place.
                pair(new TaskId(name, alike), new TaskId(name, alike));
                alike++;
            }
            var byInput = new LinkedHashMap<Value.Struct, List<TaskId>>();
            var others = new LinkedHashSet<TaskId>();
            for (int i = alike; i < otherWidth; i++) {
                var id = new TaskId(name, i);
                others.add(id);
                right.account(id)
                        .ifPresent(account ->
                                byInput.computeIfAbsent(account.input(), _ -> new ArrayList<>())
                                        .add(id));
            }
            var alone = new ArrayList<TaskId>();
            for (int i = alike; i < width; i++) {
                var id = new TaskId(name, i);
                var equal = left.account(id).map(account -> byInput.get(account.input()));
                if (equal.isPresent() && !equal.get().isEmpty()) {
                    var partner = equal.get().removeFirst();
                    others.remove(partner);
                    pair(id, partner);
                } else {
                    alone.add(id);
                }
            }
            var rest = new ArrayList<>(others);
            for (int i = 0; i < Math.max(alone.size(), rest.size()); i++) {
                pair(i < alone.size() ? alone.get(i) : null, i < rest.size() ? rest.get(i) : null);
            }
        }

        private boolean isAlike(TaskId item) {
            var one = left.account(item);
            var other = right.account(item);
            return one.isPresent()
                    && other.isPresent()
                    && one.get().input().equals(other.get().input());
        }

        private void pair(@Nullable TaskId id, @Nullable TaskId other) {
            var one = id == null ? null : left.account(id).orElse(null);
            var two = other == null ? null : right.account(other).orElse(null);
            var differences = new ArrayList<Difference>();
            if (id != null && id.equals(other) && id.item() == TaskId.WHOLE) {
                plan(id.name(), differences);
            }
            differences.addAll(accounts(one, two));
            if (!differences.isEmpty()) {
                boolean known = id == null || left.declaration(id.name()) != null;
                boolean otherKnown = other == null || right.declaration(other.name()) != null;
                found.add(
                        new Change(
                                known ? id : null,
                                otherKnown ? other : null,
                                Cause.INDEPENDENT,
                                differences));
                return;
            }
            same++;
            if (id != null
                    && one != null
                    && two != null
                    && !one.failures().equals(two.failures())) {
                retried.add(id);
            }
        }

        private void plan(String name, List<Difference> differences) {
            var one = left.declaration(name);
            var other = right.declaration(name);
            if (!Objects.equals(one, other)) {
                differences.add(
                        new Difference(
                                Aspect.PLAN,
                                left.plannedAt(name),
                                right.plannedAt(name),
                                one == null ? null : declared(one),
                                other == null ? null : declared(other)));
            }
        }

        /// What of a declaration people compare.
        private static Value declared(Task task) {
            return Value.struct(
                    "by",
                    Value.text(
                            switch (task.performer()) {
                                case Task.Performer.BySkill(var skill, _, _) -> "skill " + skill;
                                case Task.Performer.ByAgent(var agent) -> "agent " + agent;
                                case Task.Performer.ByWorkflow(var workflow) ->
                                        "workflow " + workflow;
                                case Task.Performer.ByMessage message ->
                                        "message " + message.type();
                            }),
                    "input",
                    task.input(),
                    "flow",
                    Value.text(task.flow().toString()),
                    "policy",
                    Value.text(task.policy().toString()));
        }

        private static List<Difference> accounts(@Nullable Account one, @Nullable Account other) {
            var left = Told.of(one);
            var right = Told.of(other);
            if (left.isAs(right)) {
                return List.of();
            }
            return differing(
                    new Difference(
                            Aspect.INPUT, left.inputAt, right.inputAt, left.input, right.input),
                    new Difference(
                            Aspect.AGENT, left.agentAt, right.agentAt, left.agent, right.agent),
                    new Difference(Aspect.OUTCOME, left.at, right.at, left.outcome, right.outcome),
                    new Difference(Aspect.OUTPUT, left.at, right.at, left.output, right.output));
        }

        private static List<Difference> differing(Difference... sides) {
            return Stream.of(sides)
                    .filter(one -> !Objects.equals(one.left(), one.right()))
                    .toList();
        }

        /// What of a task is compared, and the events that say so.
        private record Told(
                long inputAt,
                @Nullable Value input,
                long agentAt,
                @Nullable Value agent,
                long at,
                Value outcome,
                @Nullable Value output) {
            private static final Told NOTHING =
                    new Told(0, null, 0, null, 0, Value.text(NOT_FINISHED), null);

            /// Whether nothing differs, wherever it is said.
            boolean isAs(Told other) {
                return Objects.equals(input, other.input)
                        && Objects.equals(agent, other.agent)
                        && outcome.equals(other.outcome)
                        && Objects.equals(output, other.output);
            }

            static Told of(@Nullable Account account) {
                if (account == null) {
                    return NOTHING;
                }
                var agent = account.agent();
                var result = account.result();
                return new Told(
                        account.inputAt(),
                        account.inputAt() == 0 ? null : account.input(),
                        account.agentAt(),
                        agent == null ? null : Value.text(agent.value()),
                        result == null ? 0 : result.at(),
                        Value.text(Aligning.outcome(result)),
                        result == null ? null : result.output());
            }
        }

        private static String outcome(@Nullable Contribution result) {
            if (result == null) {
                return NOT_FINISHED;
            }
            return switch (result.means()) {
                case AGENT, CHILD, MESSAGE -> "succeeded";
                case PERSON -> "given by a person";
                case SKIPPED -> SKIPPED_WORD;
                case FAILED -> "failed";
            };
        }
    }
}

package dev.tutti.core.event;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task of a plan, as declared: what it needs, who may do it, and what to do when it fails.
///
/// Texts between `${` and `}` within `input`, and all conditions and lists, are expressions that
/// are evaluated when the task's turn comes.
///
/// @param name its name in the plan
/// @param performer who may do it
/// @param input what it is given, with expressions
/// @param dependencies the tasks that must be finished first: those its expressions name, and those
///   of `after`
/// @param flow whether, how often and beside what it runs
/// @param policy what counts as done, and what happens when it is not
/// @param label what one item is called in views, with expressions, or null
/// @param undoes the finished task whose deeds this one takes back, or null
/// @param plans whether its result is an amendment of the plan that it is in
/// @param passing how it goes from agent to agent, or null where one does it
/// @param sharing the notes that it writes and reads
public record Task(
        String name,
        Performer performer,
        Value.Struct input,
        List<String> dependencies,
        Flow flow,
        Policy policy,
        @Nullable String label,
        @Nullable TaskId undoes,
        boolean plans,
        @Nullable Passing passing,
        Sharing sharing) {

    /// The most items of a fan-out where the plan says nothing.
    public static final int DEFAULT_MAX = 10_000;

    public Task {
        dependencies = List.copyOf(dependencies);
    }

    /// A task that writes and reads no notes.
    public Task(
            String name,
            Performer performer,
            Value.Struct input,
            List<String> dependencies,
            Flow flow,
            Policy policy,
            @Nullable String label,
            @Nullable TaskId undoes,
            boolean plans,
            @Nullable Passing passing) {
        this(
                name,
                performer,
                input,
                dependencies,
                flow,
                policy,
                label,
                undoes,
                plans,
                passing,
                Sharing.NOTHING);
    }

    /// A task that one agent does.
    public Task(
            String name,
            Performer performer,
            Value.Struct input,
            List<String> dependencies,
            Flow flow,
            Policy policy,
            @Nullable String label,
            @Nullable TaskId undoes,
            boolean plans) {
        this(name, performer, input, dependencies, flow, policy, label, undoes, plans, null);
    }

    /// A task that takes nothing back and plans nothing.
    public Task(
            String name,
            Performer performer,
            Value.Struct input,
            List<String> dependencies,
            Flow flow,
            Policy policy,
            @Nullable String label) {
        this(name, performer, input, dependencies, flow, policy, label, null, false);
    }

    /// A task whose result is an amendment of its plan.
    public static Task planning(String name, AgentId planner, Policy policy) {
        return new Task(
                name,
                new Performer.ByAgent(planner),
                Value.Struct.EMPTY,
                List.of(),
                Flow.ONCE,
                policy,
                null,
                null,
                true);
    }

    /// A task that is done once, with everything else as by default.
    public Task(String name, Performer performer, Value.Struct input, List<String> dependencies) {
        this(name, performer, input, dependencies, Flow.ONCE, Policy.DEFAULT, null);
    }

    /// A task that is done once, by anyone with the skill, with everything else as by default.
    public static Task of(String name, SkillId skill, Value.Struct input, String... dependencies) {
        return new Task(name, new Performer.BySkill(skill), input, List.of(dependencies));
    }

    /// Who may do a task.
    public sealed interface Performer {
        /// Any agent that has the skill, and is what is required.
        ///
        /// @param meant what was asked for, where the skill stands for one that no agent has; null
        ///   where it was asked for by its name
        record BySkill(SkillId skill, Require require, @Nullable Meant meant) implements Performer {
            /// Any agent that has the skill.
            public BySkill(SkillId skill) {
                this(skill, Require.NONE);
            }

            /// Any agent that has the skill and is what is required.
            public BySkill(SkillId skill, Require require) {
                this(skill, require, null);
            }
        }

        /// What was asked for where another skill stands for it, or null.
        default @Nullable Meant standsFor() {
            return this instanceof BySkill(_, _, var meant) ? meant : null;
        }

        /// This agent alone.
        record ByAgent(AgentId agent) implements Performer {}

        /// A run of its own, of a workflow of the same team.
        record ByWorkflow(String workflow) implements Performer {}

        /// Nobody: the task is done when a message arrives, or when its time is over.
        ///
        /// @param type of the message, or null to wait for the time alone
        /// @param where a condition on the `message`, or null for any
        /// @param within how long, or null for ever
        /// @param keep whether a message that comes before the task's turn is kept for it
        /// @param topic where it is published, or null when it is sent to the run
        /// @param key what it must be published with, with expressions, or null for anything
        record ByMessage(
                @Nullable String type,
                @Nullable String where,
                @Nullable Duration within,
                boolean keep,
                @Nullable String topic,
                @Nullable String key)
                implements Performer {
            /// One that is sent to the run.
            public ByMessage(
                    @Nullable String type,
                    @Nullable String where,
                    @Nullable Duration within,
                    boolean keep) {
                this(type, where, within, keep, null, null);
            }
        }
    }

    /// Whether, how often and beside what a task runs.
    ///
    /// @param when runs only if this is true, or null for always
    /// @param each runs once for every item of a list, or null for just once
    /// @param loop runs again while a condition holds, or null
    /// @param join how many of its dependencies it waits for
    /// @param locks names of what no two attempts of this store may hold at once, with expressions
    /// @param cancels tasks that are given up when this one begins
    /// @param emit a message that is sent when it is done, or null
    public record Flow(
            @Nullable String when,
            @Nullable Each each,
            @Nullable Loop loop,
            Join join,
            List<String> locks,
            List<String> cancels,
            @Nullable Emit emit) {
        public static final Flow ONCE =
                new Flow(null, null, null, Join.ALL, List.of(), List.of(), null);

        public Flow {
            locks = List.copyOf(locks);
            cancels = List.copyOf(cancels);
        }

        /// Once for every item of a list.
        public static Flow over(String list, int max) {
            return ONCE.with(new Each(list, max, null, null, true));
        }

        public Flow with(Each other) {
            return new Flow(when, other, loop, join, locks, cancels, emit);
        }

        public Flow with(Loop other) {
            return new Flow(when, each, other, join, locks, cancels, emit);
        }

        public Flow with(Join other) {
            return new Flow(when, each, loop, other, locks, cancels, emit);
        }

        public Flow with(Emit other) {
            return new Flow(when, each, loop, join, locks, cancels, other);
        }

        public Flow withWhen(@Nullable String condition) {
            return new Flow(condition, each, loop, join, locks, cancels, emit);
        }

        public Flow withLocks(String... names) {
            return new Flow(when, each, loop, join, List.of(names), cancels, emit);
        }

        public Flow withCancels(String... tasks) {
            return new Flow(when, each, loop, join, locks, List.of(tasks), emit);
        }
    }

    /// One run of the task for every item of a list.
    ///
    /// @param of the list
    /// @param max the most items it may have
    /// @param need how many items must be done, an expression that gives a number; null for all
    /// @param until done as soon as this holds of `output`, the list of results so far; or null
    /// @param cancelRest whether items that are not needed any more are given up; otherwise they
    ///   end as they would and their results are not used
    /// @param resolve how the results become one, or null for the list of them
    /// @param most an expression that gives `max` as the task begins, or null where it is written
    ///   out
    public record Each(
            String of,
            int max,
            @Nullable String need,
            @Nullable String until,
            boolean cancelRest,
            @Nullable Resolve resolve,
            @Nullable String most) {
        /// Where the most items are a number written out.
        public Each(
                String of,
                int max,
                @Nullable String need,
                @Nullable String until,
                boolean cancelRest,
                @Nullable Resolve resolve) {
            this(of, max, need, until, cancelRest, resolve, null);
        }

        public Each(
                String of,
                int max,
                @Nullable String need,
                @Nullable String until,
                boolean cancelRest) {
            this(of, max, need, until, cancelRest, null);
        }

        public Each(String of) {
            this(of, DEFAULT_MAX, null, null, true);
        }

        /// As often as said with the same input, by agents that differ where there are as many.
        public static Each replicas(int count, Resolve resolve) {
            var numbers = new StringBuilder();
            for (int i = 1; i <= count; i++) {
                numbers.append(i == 1 ? "" : ", ").append(i);
            }
            return new Each("${[" + numbers + "]}", count, null, null, true, resolve);
        }

        /// Whether its items differ in nothing but their number.
        public boolean isReplicas() {
            return resolve != null && of.equals(replicas(max, resolve).of);
        }

        public Each with(Resolve other) {
            return new Each(of, max, need, until, cancelRest, other, most);
        }

        /// With an expression that gives `max`, or null.
        public Each withMost(@Nullable String other) {
            return new Each(of, max, need, until, cancelRest, resolve, other);
        }
    }

    /// Again while a condition holds of the latest `output`.
    ///
    /// @param max the most iterations; to want more is a failure
    public record Loop(String condition, int max) {
        public Loop {
            if (max < 1) {
                throw new IllegalArgumentException("loop max " + max);
            }
        }
    }

    /// How many dependencies must be done before the task starts.
    ///
    /// @param need that many; 0 stands for all of them
    /// @param cancelRest whether the others, and what only they need, are given up then
    public record Join(int need, boolean cancelRest) {
        public static final Join ALL = new Join(0, false);
        public static final Join ANY = new Join(1, false);

        public Join {
            if (need < 0) {
                throw new IllegalArgumentException("need " + need);
            }
        }
    }

    /// A message that is sent when the task is done.
    ///
    /// @param data with expressions; may name `output`
    /// @param to the run it is for, an expression; null for the task's own run
    /// @param topic where it is published, or null when it is for a run
    /// @param key what it is published with, with expressions, or null for nothing
    public record Emit(
            String type,
            Value.Struct data,
            @Nullable String to,
            @Nullable String topic,
            @Nullable String key) {
        /// One that is for a run.
        public Emit(String type, Value.Struct data, @Nullable String to) {
            this(type, data, to, null, null);
        }
    }

    /// What counts as done, and what happens when it is not.
    ///
    /// @param retry how often and how fast it is tried again
    /// @param ladder what is tried, in order, once the attempts are used up; then the run fails
    /// @param timeouts how long each part of it may take
    /// @param gate what a result must pass
    /// @param effects what an attempt of unknown outcome means, or null for what its agent says
    /// @param approval the human agent that must agree before it is dispatched, or null
    /// @param undo how its deeds are taken back when the run fails, or null
    /// @param escalation the human agent that a failure goes to where the ladder says so, or null
    /// @param rules which agents may have it; the first that holds of an agent decides
    public record Policy(
            Retry retry,
            List<Remedy> ladder,
            Timeouts timeouts,
            Gate gate,
            @Nullable Effects effects,
            @Nullable AgentId approval,
            @Nullable Undo undo,
            @Nullable AgentId escalation,
            List<Rule> rules) {
        public static final Policy DEFAULT =
                new Policy(Retry.DEFAULT, List.of(), Timeouts.NONE, Gate.OPEN, null, null, null);

        public Policy {
            ladder = List.copyOf(ladder);
            rules = List.copyOf(rules);
        }

        /// Where failures go to no person by name, and any agent may have it.
        public Policy(
                Retry retry,
                List<Remedy> ladder,
                Timeouts timeouts,
                Gate gate,
                @Nullable Effects effects,
                @Nullable AgentId approval,
                @Nullable Undo undo) {
            this(retry, ladder, timeouts, gate, effects, approval, undo, null, List.of());
        }

        public Policy with(Retry other) {
            return new Policy(
                    other, ladder, timeouts, gate, effects, approval, undo, escalation, rules);
        }

        public Policy with(Timeouts other) {
            return new Policy(
                    retry, ladder, other, gate, effects, approval, undo, escalation, rules);
        }

        public Policy with(Gate other) {
            return new Policy(
                    retry, ladder, timeouts, other, effects, approval, undo, escalation, rules);
        }

        public Policy with(Effects other) {
            return new Policy(
                    retry, ladder, timeouts, gate, other, approval, undo, escalation, rules);
        }

        public Policy with(Undo other) {
            return new Policy(
                    retry, ladder, timeouts, gate, effects, approval, other, escalation, rules);
        }

        public Policy withLadder(Remedy... remedies) {
            return new Policy(
                    retry,
                    List.of(remedies),
                    timeouts,
                    gate,
                    effects,
                    approval,
                    undo,
                    escalation,
                    rules);
        }

        public Policy withApproval(AgentId by) {
            return new Policy(retry, ladder, timeouts, gate, effects, by, undo, escalation, rules);
        }

        public Policy withEscalation(AgentId to) {
            return new Policy(retry, ladder, timeouts, gate, effects, approval, undo, to, rules);
        }

        public Policy withRules(Rule... others) {
            return new Policy(
                    retry,
                    ladder,
                    timeouts,
                    gate,
                    effects,
                    approval,
                    undo,
                    escalation,
                    List.of(others));
        }
    }

    /// Which agents may have a task.
    ///
    /// @param condition on `agent`, `task` and `input`
    public record Rule(Decision decision, String condition) {
        /// What becomes of an agent that it holds of.
        public enum Decision {
            /// It may have the task.
            ALLOW,
            /// It may not.
            DENY,
            /// It may once a person has agreed to exactly this input.
            ASK;

            /// As team files say it.
            public String word() {
                return switch (this) {
                    case ALLOW -> "allow";
                    case DENY -> "deny";
                    case ASK -> "ask";
                };
            }
        }
    }

    /// How often and how fast a task is tried again.
    ///
    /// @param attempts in all, the first included, at least 1
    /// @param first the pause before the second attempt; it doubles with each further one
    /// @param ceiling the longest pause
    public record Retry(int attempts, Duration first, Duration ceiling) {
        public static final Retry DEFAULT =
                new Retry(3, Duration.ofMillis(100), Duration.ofSeconds(30));

        public Retry {
            if (attempts < 1 || first.isNegative() || ceiling.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "retry " + attempts + " " + first + ".." + ceiling);
            }
        }

        /// The pause after `failed` failed attempts.
        public Duration pauseAfter(int failed) {
            int doublings = Math.min(Math.max(failed - 1, 0), 30);
            var pause = first.multipliedBy(1L << doublings);
            return pause.compareTo(ceiling) > 0 ? ceiling : pause;
        }
    }

    /// What is done when no attempt is left.
    public enum Remedy {
        /// The run fails.
        FAIL,
        /// The task counts as skipped: its output is null, and the run goes on.
        SKIP,
        /// Another capable agent gets as many attempts of its own.
        REROUTE,
        /// A person says: retry, skip or fail.
        ASK,
        /// The run's planner finds a way without the task, while it has rounds left.
        REPLAN,
        /// The person that the task names for it is told what was tried, and says: retry, skip,
        /// plan anew or fail.
        ESCALATE;

        /// As team files say it.
        public String word() {
            return switch (this) {
                case FAIL -> "fail";
                case SKIP -> "skip";
                case REROUTE -> "reroute";
                case ASK -> "ask";
                case REPLAN -> "replan";
                case ESCALATE -> "escalate";
            };
        }
    }

    /// How long each part of a task may take; null for no limit.
    ///
    /// @param queued from being ready until an agent has it, each time
    /// @param run one attempt
    /// @param idle without a sign of life from the attempt
    /// @param overall from being ready for the first time until it is done, all attempts included
    public record Timeouts(
            @Nullable Duration queued,
            @Nullable Duration run,
            @Nullable Duration idle,
            @Nullable Duration overall) {
        public static final Timeouts NONE = new Timeouts(null, null, null, null);

        /// A limit on each attempt alone.
        public static Timeouts ofRun(Duration run) {
            return new Timeouts(null, run, null, null);
        }
    }

    /// What a result must pass before it counts.
    ///
    /// @param accept conditions on the `output`, all of which must hold
    /// @param verify a second look by another, or null
    public record Gate(List<String> accept, @Nullable Verify verify) {
        public static final Gate OPEN = new Gate(List.of(), null);

        public Gate {
            accept = List.copyOf(accept);
        }
    }

    /// A second look at a result.
    ///
    /// @param performer who looks
    /// @param input what it is given, with expressions that may name `output`; null for the task's
    ///   input and output
    /// @param accept a condition on the `output` of the look
    public record Verify(Performer performer, Value.@Nullable Struct input, String accept) {
        /// Where the plan says nothing else: the look gives `ok`.
        public static final String OK = "${output.ok}";
    }

    /// What an attempt that never reported means for what it may have done outside.
    public enum Effects {
        /// Doing it twice is as good as once: it is tried again.
        IDEMPOTENT,
        /// It must not be done twice: a person is asked whether it was.
        AT_MOST_ONCE;

        /// As team files say it.
        public String word() {
            return switch (this) {
                case IDEMPOTENT -> "idempotent";
                case AT_MOST_ONCE -> "at_most_once";
            };
        }
    }

    /// How the deeds of a finished task are taken back.
    ///
    /// @param input with expressions that may name `output`
    public record Undo(Performer performer, Value.Struct input) {}

    // ---- short ways to what views and checks ask for most

    public @Nullable String when() {
        return flow.when();
    }

    /// The list that it runs over, or null.
    public @Nullable String each() {
        return flow.each() == null ? null : flow.each().of();
    }

    public int max() {
        return flow.each() == null ? DEFAULT_MAX : flow.each().max();
    }

    public Join join() {
        return flow.join();
    }

    public Retry retry() {
        return policy.retry();
    }

    /// This task with another flow.
    public Task with(Flow other) {
        return new Task(
                name,
                performer,
                input,
                dependencies,
                other,
                policy,
                label,
                undoes,
                plans,
                passing,
                sharing);
    }

    /// This task with another policy.
    public Task with(Policy other) {
        return new Task(
                name,
                performer,
                input,
                dependencies,
                flow,
                other,
                label,
                undoes,
                plans,
                passing,
                sharing);
    }

    /// This task done by someone else.
    public Task with(Performer other) {
        return new Task(
                name,
                other,
                input,
                dependencies,
                flow,
                policy,
                label,
                undoes,
                plans,
                passing,
                sharing);
    }

    /// This task with other notes.
    public Task with(Sharing other) {
        return new Task(
                name,
                performer,
                input,
                dependencies,
                flow,
                policy,
                label,
                undoes,
                plans,
                passing,
                other);
    }

    /// This task going from agent to agent.
    public Task with(Passing other) {
        return new Task(
                name,
                performer,
                input,
                dependencies,
                flow,
                policy,
                label,
                undoes,
                plans,
                other,
                sharing);
    }
}

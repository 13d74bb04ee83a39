package dev.tutti.core.history;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Contribution.Means;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to one task since it last began: a task that runs once, or one item of a fan-out.
public final class Account {
    private final TaskId task;
    private final List<String> gates;
    private final List<String> failures = new ArrayList<>();
    private final List<Contribution> contributions = new ArrayList<>();
    private Value.Struct input = Value.Struct.EMPTY;
    private long inputAt;
    private long inputByPersonAt;
    private long agentAt;
    private @Nullable AgentId agent;
    private @Nullable AgentId proposer;
    private Means means = Means.AGENT;
    private @Nullable String feedback;
    private @Nullable Value proposed;
    private boolean over;

    Account(TaskId task, List<String> gates) {
        this.task = task;
        this.gates = List.copyOf(gates);
    }

    // ---- what is known

    public TaskId task() {
        return task;
    }

    /// What its latest attempt was given.
    public Value.Struct input() {
        return input;
    }

    /// The event that fixed the input, 0 before there is one.
    public long inputAt() {
        return inputAt;
    }

    /// The event by which a person gave it another input, or 0.
    public long inputByPersonAt() {
        return inputByPersonAt;
    }

    /// Who was at it last, or null when no agent was.
    public @Nullable AgentId agent() {
        return agent;
    }

    /// The event that gave it to them, or to someone who is no agent; 0 before.
    public long agentAt() {
        return agentAt;
    }

    /// The codes of the attempts that failed, in order.
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /// What it put into the run, the last one last; several only where it loops.
    public List<Contribution> contributions() {
        return List.copyOf(contributions);
    }

    /// The result that others saw, or null while there is none.
    public @Nullable Contribution result() {
        return over ? contributions.getLast() : null;
    }

    // ---- what is seen

    void input(Value.Struct given, long at) {
        if (inputAt == 0 || !given.equals(input)) {
            inputAt = at;
        }
        input = given;
    }

    void inputByPerson(Value.Struct given, long at) {
        input(given, at);
        inputByPersonAt = at;
    }

    void assigned(AgentId to, long at) {
        if (proposed == null) {
            agent = to;
            agentAt = at;
            means = Means.AGENT;
        }
    }

    /// It is for someone who is no agent.
    void waitsFor(Means other, long at) {
        means = other;
        agentAt = at;
    }

    void attemptEnded(Event.AttemptEnded e) {
        failures.add(e.failure().code());
        if (e.failure() instanceof dev.tutti.core.event.Failure.Rejected rejected) {
            feedback = rejected.message();
            proposed = null;
        }
    }

    /// Another has it now, as if nothing had gone wrong.
    void handedOver() {
        feedback = null;
        failures.clear();
    }

    void proposed(Value output) {
        proposed = output;
        proposer = agent;
    }

    void iterated(Value output, long at) {
        contribute(means, proposed == null ? agent : proposer, output, at);
        feedback = null;
        proposed = null;
        failures.clear();
    }

    void accepted(Value output, long at) {
        contribute(means, proposed == null ? agent : proposer, output, at);
        over = true;
    }

    void given(Value output, long at) {
        contribute(Means.PERSON, null, output, at);
        over = true;
    }

    void ended(Means without, long at) {
        contribute(without, agent, Value.NULL, at);
        over = true;
    }

    private void contribute(Means how, @Nullable AgentId by, Value output, long at) {
        boolean passed = how == Means.AGENT || how == Means.CHILD;
        contributions.add(
                new Contribution(
                        task,
                        contributions.size(),
                        how,
                        by,
                        inputAt,
                        input,
                        feedback,
                        at,
                        output,
                        failures,
                        passed ? gates : List.of()));
    }
}

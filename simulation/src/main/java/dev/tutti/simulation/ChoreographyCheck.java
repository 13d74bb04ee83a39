package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.goal.Team;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// I27: where nobody directs a run, what agents take up is theirs to take up. What is claimed was
/// said before, the claimer's contract says so, nobody else has claimed it in the same part, and
/// its time is not over; it is done by who claimed it, or by whom people gave it to; who failed at
/// a message does not claim it again; what is missed was expected and has not followed; and a run
/// ends of itself only when nothing is expected any more.
final class ChoreographyCheck extends Check {
    private final Function<String, Optional<Team>> teams;
    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Claim> claims = new HashMap<>();
    private final Set<Part> taken = new HashSet<>();
    private final Set<Part> over = new HashSet<>();
    private final Set<Say> failed = new HashSet<>();
    private final Map<String, AgentId> reassigned = new HashMap<>();
    private final Map<Long, String> expected = new HashMap<>();
    private final Set<Long> stalls = new HashSet<>();
    private @Nullable Team team;
    private boolean choreographed;
    private boolean until;

    private record Claim(AgentId agent, String message, String role) {}

    private record Part(String message, String role) {}

    private record Say(String message, AgentId agent) {}

    ChoreographyCheck(Function<String, Optional<Team>> teams) {
        this.teams = teams;
    }

    @Override
    void see(Step step) {
        switch (step.event()) {
            case Event.RunStarted e -> {
                choreographed = e.mode() == Mode.CHOREOGRAPHY;
                team =
                        teams.apply(e.team())
                                .filter(one -> one.workflow(e.goal()).isPresent())
                                .filter(one ->
                                        one.agents().stream().anyMatch(ChoreographyCheck::dances))
                                .orElse(null);
                until =
                        team != null
                                && team.workflow(e.goal())
                                        .map(workflow -> workflow.choreography())
                                        .filter(one -> one.until() != null)
                                        .isPresent();
            }
            case Event.MessageReceived e -> types.put(e.id(), e.type());
            case Event.Claimed e -> claimed(step, e);
            case Event.ClaimLost e -> lost(step, e.task());
            case Event.Unanswered e -> unanswered(step, e);
            case Event.Expected e -> expected.put(step.entry().sequence(), e.message());
            case Event.ExpectationMet e -> {
                if (expected.remove(e.expected()) == null) {
                    report("I27", step, "event " + e.expected() + " expects nothing");
                }
            }
            case Event.QuestionAsked e when e.question().purpose() == Question.Purpose.STALL ->
                    stalls.add(e.question().id());
            case Event.QuestionClosed e -> {
                if (stalls.remove(e.question()) && e.end() == Question.End.DECIDED) {
                    reopen();
                }
            }
            case Event.TaskRevised e -> {
                if (e.task().performer() instanceof Task.Performer.ByAgent(var agent)) {
                    reassigned.put(e.task().name(), agent);
                }
            }
            case Event.Assigned e -> assigned(step, e);
            case Event.Ended e -> {
                if (choreographed
                        && e.status() == Status.SUCCEEDED
                        && !until
                        && !expected.isEmpty()) {
                    report("I27", step, "the run ends though " + expected + " is expected");
                }
            }
            default -> {}
        }
    }

    private static boolean dances(Agent agent) {
        return !agent.contract().reactions().isEmpty();
    }

    private void claimed(Step step, Event.Claimed e) {
        var type = types.get(e.message());
        var part = new Part(e.message(), e.role());
        if (!choreographed) {
            report("I27", step, e.agent() + " claims something in a run that has a plan");
        }
        if (type == null) {
            report("I27", step, e.agent() + " claims what was never said: " + e.message());
        } else if (team != null && !reacts(team, e.agent(), type, e.role())) {
            report("I27", step, e.agent() + " has no contract to take up " + type);
        }
        if (!taken.add(part)) {
            report("I27", step, e.message() + " is claimed twice as " + e.role());
        }
        if (over.contains(part) || over.contains(new Part(e.message(), ""))) {
            report("I27", step, e.message() + " is claimed when its time is over");
        }
        if (failed.contains(new Say(e.message(), e.agent()))) {
            report("I27", step, e.agent() + " failed at " + e.message() + " and claims it again");
        }
        claims.put(e.task().name(), new Claim(e.agent(), e.message(), e.role()));
    }

    private static boolean reacts(Team team, AgentId id, String type, String role) {
        return team.agent(id).stream()
                .flatMap(agent -> agent.contract().reactions().stream())
                .anyMatch(one -> one.to().equals(type) && one.role().equals(role));
    }

    private void lost(Step step, TaskId task) {
        var claim = claims.get(task.name());
        if (claim == null) {
            report("I27", step, task + " is lost and was never claimed");
            return;
        }
        taken.remove(new Part(claim.message(), claim.role()));
        failed.add(new Say(claim.message(), claim.agent()));
    }

    private void unanswered(Step step, Event.Unanswered e) {
        if (e.expected() != 0) {
            if (expected.remove(e.expected()) == null) {
                report("I27", step, "event " + e.expected() + " is missed and expects nothing");
            }
            return;
        }
        var answered =
                taken.stream()
                        .filter(part -> part.message().equals(e.message()))
                        .anyMatch(part -> e.role().isEmpty() || part.role().equals(e.role()));
        if (answered) {
            report("I27", step, e.message() + " is called unanswered and was taken up");
        }
        over.add(new Part(e.message(), e.role()));
    }

    /// A person wants it tried again.
    private void reopen() {
        var messages = new HashSet<String>();
        taken.forEach(part -> messages.add(part.message()));
        over.removeIf(part -> !messages.contains(part.message()));
        failed.removeIf(say -> !messages.contains(say.message()));
    }

    private void assigned(Step step, Event.Assigned e) {
        var claim = claims.get(e.task().name());
        if (choreographed && claim == null) {
            report("I27", step, e.task() + " is given to " + e.agent() + ", who claimed nothing");
            return;
        }
        var whose = claim == null ? null : reassigned.getOrDefault(e.task().name(), claim.agent());
        if (whose != null && !whose.equals(e.agent())) {
            report("I27", step, e.task() + " is " + whose + "'s and given to " + e.agent());
        }
    }
}

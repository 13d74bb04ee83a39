package dev.tutti.planning;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/// Finds where much has to pass through one place, and agents that talk more than they need.
final class TrafficLint {
    /// As many that send one another messages make a mesh.
    private static final int MESH = 3;

    /// A fan-out that may be this wide behind one place is a queue.
    private static final int WIDE = 8;

    /// So many tasks that could be done at once are one, too.
    private static final int MANY = 4;

    /// A conversation of so many turns that nothing ends sooner is a long one.
    private static final int LONG_TALK = 24;

    private final Team team;
    private final Workflow workflow;
    private final List<Fault> found = new ArrayList<>();

    private TrafficLint(Team team, Workflow workflow) {
        this.team = team;
        this.workflow = workflow;
    }

    /// What is found of a workflow.
    static List<Fault> of(Team team, Workflow workflow) {
        var lint = new TrafficLint(team, workflow);
        for (var task : workflow.tasks()) {
            if (task.each() != null && task.max() >= WIDE) {
                lint.behindOne(task);
            }
            if (task.passing() instanceof Passing.Group group) {
                lint.talk(task, group);
            }
        }
        lint.sideBySide();
        lint.messages();
        lint.answers();
        return List.copyOf(lint.found);
    }

    private void add(String code, String message, List<String> at, String label, String help) {
        var path = new ArrayList<>(List.of("workflows", workflow.name()));
        path.addAll(at);
        found.add(new Fault(code, message, path, null, label, help));
    }

    private void behind(String message, List<String> at, String help) {
        add("W-LINT-05", message, at, "behind one place", help);
    }

    private static int places(List<Agent> agents) {
        return agents.stream().mapToInt(agent -> agent.limits().concurrency()).sum();
    }

    private static boolean isPeople(List<Agent> agents) {
        return agents.stream().anyMatch(Agent::isHuman);
    }

    // ---- bottlenecks

    private void behindOne(Task task) {
        var capable = Match.capable(team.agents(), task.performer());
        var all = "all items of `" + task.name() + "` ";
        var name = task.name();
        if (places(capable) == 1 && !isPeople(capable)) {
            var agent = capable.getFirst().id().value();
            behind(
                    all + "pass through `" + agent + "`, one at a time",
                    List.of("tasks", name, "each"),
                    "raise `limits.concurrency` of `"
                            + agent
                            + "`, give another agent the skill, or say `max`");
            return;
        }
        for (var quota : team.terms().quotas()) {
            if (isOne(quota)
                    && !capable.isEmpty()
                    && capable.stream().allMatch(one -> needs(one, quota))) {
                behind(
                        all + "need the one slot of quota `" + quota.name() + "`",
                        List.of("tasks", name, "each"),
                        "give the quota more `slots`, or say `max`");
            }
        }
        var verify = task.policy().gate().verify();
        if (verify != null) {
            var eyes = Match.capable(team.agents(), verify.performer());
            if (places(eyes) == 1 && !isPeople(eyes)) {
                behind(
                        all
                                + "are looked at by `"
                                + eyes.getFirst().id().value()
                                + "`, one at a time",
                        List.of("tasks", name, "verify"),
                        "raise its `limits.concurrency`");
            }
        }
        if (task.passing() instanceof Passing.Group group && group.moderator() != null) {
            team.agent(group.moderator())
                    .filter(agent -> agent.limits().concurrency() == 1 && !agent.isHuman())
                    .ifPresent(agent ->
                            behind(
                                    "`"
                                            + agent.id()
                                            + "` has a turn between any two in all conversations of `"
                                            + name
                                            + "`, and one place",
                                    List.of("tasks", name, "group"),
                                    "raise its `limits.concurrency`"));
        }
    }

    private static boolean isOne(Terms.Quota quota) {
        return Objects.equals(quota.slots(), 1);
    }

    private boolean needs(Agent agent, Terms.Quota quota) {
        var terms = team.terms().agents().get(agent.id());
        return terms != null && terms.quotas().contains(quota.name());
    }

    /// Tasks that nothing keeps from being done at once but that one agent with one place has all
    /// of them to do.
    private void sideBySide() {
        var tasks = new LinkedHashMap<Agent, List<String>>();
        for (var task : workflow.tasks()) {
            var capable = Match.capable(team.agents(), task.performer());
            if (places(capable) == 1 && !isPeople(capable)) {
                var before = Order.before(workflow, task.name());
                var beside = tasks.computeIfAbsent(capable.getFirst(), _ -> new ArrayList<>());
                if (beside.stream()
                        .noneMatch(one ->
                                before.contains(one)
                                        || Order.before(workflow, one).contains(task.name()))) {
                    beside.add(task.name());
                }
            }
        }
        tasks.forEach((agent, beside) -> {
            if (beside.size() >= MANY) {
                behind(
                        beside.stream()
                                        .map(one -> "`" + one + "`")
                                        .collect(Collectors.joining(", "))
                                + " could be done at once, and `"
                                + agent.id()
                                + "` alone does them, one at a time",
                        List.of("tasks", beside.getFirst()),
                        "raise `limits.concurrency` of `"
                                + agent.id()
                                + "`, or give another agent the skill");
            }
        });
    }

    // ---- talking

    /// A conversation that only its length ends, in which each is told all that was said.
    private void talk(Task task, Passing.Group group) {
        if (group.until() == null
                && group.moderator() == null
                && group.max() >= LONG_TALK
                && task.sharing().giving().tokens() == 0) {
            add(
                    "W-LINT-06",
                    "nothing ends the conversation of `"
                            + task.name()
                            + "` before its "
                            + group.max()
                            + " turns, and each is told all that was said",
                    List.of("tasks", task.name(), "group"),
                    "a long talk",
                    "say `until`, have it moderated, or bound what each is given with `context`");
        }
    }

    /// Tasks that wait for messages of one another.
    private void messages() {
        var talks = new LinkedHashMap<String, SequencedSet<String>>();
        var hear = new LinkedHashSet<String>();
        for (var sender : workflow.tasks()) {
            var emit = sender.flow().emit();
            if (emit == null || emit.to() != null) {
                continue;
            }
            for (var receiver : workflow.tasks()) {
                if (receiver.performer() instanceof Performer.ByMessage message
                        && emit.type().equals(message.type())
                        && Objects.equals(emit.topic(), message.topic())) {
                    talks.computeIfAbsent(sender.name(), _ -> new LinkedHashSet<>())
                            .add(receiver.name());
                    hear.add(receiver.name());
                }
            }
        }
        int pairs = talks.values().stream().mapToInt(SequencedSet::size).sum();
        if (talks.size() >= MESH && hear.size() > 1) {
            var first = talks.firstEntry().getKey();
            add(
                    "W-LINT-06",
                    talks.size() + " tasks tell one another " + pairs + " messages within one run",
                    List.of("tasks", first, "emit"),
                    "a mesh",
                    "let tasks name what they need, `${"
                            + first
                            + ".…}`: a plan shows who waits for whom, messages hide it");
        }
    }

    /// Agents of a choreography that each react to what each other says.
    private void answers() {
        if (workflow.choreography() == null) {
            return;
        }
        var mutual = new ArrayList<String>();
        var agents = new LinkedHashSet<String>();
        for (int i = 0; i < team.agents().size(); i++) {
            for (int j = i + 1; j < team.agents().size(); j++) {
                var one = team.agents().get(i);
                var other = team.agents().get(j);
                if (hears(one, other) && hears(other, one)) {
                    mutual.add(one.id() + " and " + other.id());
                    agents.add(one.id().value());
                    agents.add(other.id().value());
                }
            }
        }
        if (mutual.size() >= MESH && mutual.size() >= agents.size()) {
            add(
                    "W-LINT-06",
                    "agents answer one another, each the other: " + String.join(", ", mutual),
                    List.of(),
                    "a mesh",
                    "let one of them gather what the others say, or write the order down as tasks");
        }
    }

    private static boolean hears(Agent agent, Agent of) {
        return of.contract().emissions().stream()
                .anyMatch(emission ->
                        agent.contract().reactions().stream()
                                .anyMatch(one -> one.to().equals(emission.type())));
    }
}

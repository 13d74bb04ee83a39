package dev.tutti.server.workers;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Somebody who performs attempts elsewhere.
public final class Worker {
    private final String id;
    private final String name;
    private final Set<String> skills;
    private final Set<String> agents;
    private final Set<Lease> leases = new HashSet<>();
    private long lastSeen = System.nanoTime();

    Worker(String id, String name, List<String> skills, List<String> agents) {
        this.id = id;
        this.name = name;
        this.skills = Set.copyOf(skills);
        this.agents = Set.copyOf(agents);
    }

    /// Names it among the workers of this server.
    public String id() {
        return id;
    }

    /// What it calls itself, for people.
    public String name() {
        return name;
    }

    public List<String> skills() {
        return skills.stream().sorted().toList();
    }

    public List<String> agents() {
        return agents.stream().sorted().toList();
    }

    Set<Lease> leases() {
        return leases;
    }

    void seen() {
        lastSeen = System.nanoTime();
    }

    long lastSeen() {
        return lastSeen;
    }

    /// Whether it offers what the work needs: its agent by name, the skill asked for, or, where
    /// none is asked for, any skill of the agent.
    boolean canDo(Work work) {
        if (agents.contains(work.agent().id().value())) {
            return true;
        }
        return work.attempt()
                .skill()
                .map(skill -> skills.contains(skill.value()))
                .orElseGet(() ->
                        work.agent().skills().stream()
                                .anyMatch(skill -> skills.contains(skill.value())));
    }
}

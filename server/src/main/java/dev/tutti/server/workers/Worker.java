package dev.tutti.server.workers;

import dev.tutti.core.event.Agent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Somebody who performs attempts elsewhere.
public final class Worker {
    private final String id;
    private final String name;
    private final Set<String> skills;
    private final Set<String> agents;
    private final boolean bids;
    private final Set<Lease> leases = new HashSet<>();
    private long lastSeen = System.nanoTime();

    Worker(String id, String name, List<String> skills, List<String> agents, boolean bids) {
        this.id = id;
        this.name = name;
        this.skills = Set.copyOf(skills);
        this.agents = Set.copyOf(agents);
        this.bids = bids;
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

    /// Whether it bids in its own words.
    public boolean bids() {
        return bids;
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
                .orElseGet(() -> offers(work.agent()));
    }

    /// Whether it speaks for an agent where tasks are bid on.
    boolean speaksFor(Agent agent) {
        return bids && (agents.contains(agent.id().value()) || offers(agent));
    }

    private boolean offers(Agent agent) {
        return agent.skills().stream().anyMatch(skill -> skills.contains(skill.value()));
    }
}

package dev.tutti.core.choreography;

import dev.tutti.core.event.AgentId;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// What became of the messages of a choreographed run. Immutable.
///
/// @param hearings what agents said to each message, by its id
/// @param claims what each task was taken up for, by its name
/// @param expected what is still to follow, by the sequence number of the event that says so
public record Board(
        PMap<String, Hearing> hearings,
        PMap<String, Claim> claims,
        PSortedMap<Long, Expected> expected) {
    public static final Board EMPTY =
            new Board(HashTreePMap.empty(), HashTreePMap.empty(), TreePMap.empty());

    /// A task that an agent gave itself.
    ///
    /// @param message the id of the message that it takes up
    public record Claim(AgentId agent, String message, String role) {}

    /// What agents said to one message.
    ///
    /// @param taken the task that it was taken up by, by the role
    /// @param declined who has nothing to do with it
    /// @param failed who took it up and could not do it
    /// @param over the roles in which nobody can take it up any more; one of them empty where
    ///   nobody can in any
    public record Hearing(
            PMap<String, String> taken,
            PSet<AgentId> declined,
            PSet<AgentId> failed,
            PSet<String> over) {
        static final Hearing NONE =
                new Hearing(
                        HashTreePMap.empty(),
                        HashTreePSet.empty(),
                        HashTreePSet.empty(),
                        HashTreePSet.empty());

        /// Whether the message can be taken up in this role.
        public boolean free(String role) {
            return !taken.containsKey(role) && !over.contains(role) && !over.contains("");
        }

        /// Whether the agent has had its say.
        public boolean heard(AgentId agent) {
            return declined.contains(agent) || failed.contains(agent);
        }
    }

    /// Something that must follow.
    ///
    /// @param rule which of the workflow's expectations, from 0
    /// @param message the id of the message that it follows upon
    /// @param same what both must have in common, as text
    public record Expected(int rule, String message, String same) {}

    public Hearing hearing(String message) {
        return hearings.getOrDefault(message, Hearing.NONE);
    }

    /// What the task was taken up for, or null.
    public @Nullable Claim claim(String task) {
        return claims.get(task);
    }

    public Board claimed(String task, Claim claim) {
        var of = hearing(claim.message());
        var next =
                new Hearing(
                        of.taken().plus(claim.role(), task), of.declined(), of.failed(), of.over());
        return new Board(hearings.plus(claim.message(), next), claims.plus(task, claim), expected);
    }

    /// The one who took it up could not do it; others may.
    public Board lost(String task) {
        var claim = claims.get(task);
        if (claim == null) {
            return this;
        }
        var of = hearing(claim.message());
        var next =
                new Hearing(
                        of.taken().minus(claim.role()),
                        of.declined(),
                        of.failed().plus(claim.agent()),
                        of.over());
        return new Board(hearings.plus(claim.message(), next), claims, expected);
    }

    public Board declined(AgentId agent, String message) {
        var of = hearing(message);
        var next = new Hearing(of.taken(), of.declined().plus(agent), of.failed(), of.over());
        return new Board(hearings.plus(message, next), claims, expected);
    }

    /// Nobody can take up the message any more in this role; in any, where it is empty.
    public Board over(String message, String role) {
        var of = hearing(message);
        var next = new Hearing(of.taken(), of.declined(), of.failed(), of.over().plus(role));
        return new Board(hearings.plus(message, next), claims, expected);
    }

    /// What nobody has taken up is there for all once more.
    public Board reopened() {
        var open = hearings;
        for (var one : hearings.entrySet()) {
            if (one.getValue().taken().isEmpty()) {
                open = open.minus(one.getKey());
            }
        }
        return new Board(open, claims, expected);
    }

    public Board expect(long number, Expected one) {
        return new Board(hearings, claims, expected.plus(number, one));
    }

    /// It is not waited for any longer.
    public Board settled(long number) {
        return new Board(hearings, claims, expected.minus(number));
    }
}

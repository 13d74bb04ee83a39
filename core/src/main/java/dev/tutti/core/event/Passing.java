package dev.tutti.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a task goes from agent to agent: the one who has it names the next, all of a group have
/// their turns, or everyone who can does it.
public sealed interface Passing {

    /// The agents among whom it goes.
    List<AgentId> agents();

    /// The one who has the task may hand it over, instead of giving a result.
    ///
    /// @param to whom it may be handed over to
    /// @param max how often at most
    record HandOff(List<AgentId> to, int max) implements Passing {
        public static final int DEFAULT_MAX = 5;

        /// More hand-offs nobody may allow.
        public static final int MOST = 100;

        public HandOff {
            to = List.copyOf(to);
            if (max < 1 || max > MOST) {
                throw new IllegalArgumentException("hand_off max " + max);
            }
        }

        @Override
        public List<AgentId> agents() {
            return to;
        }
    }

    /// The one who has the task may have others do parts of it: each is a task of the plan that its
    /// run begins for it.
    ///
    /// @param to skills that it may ask for, and agents that it may ask
    /// @param max how many parts at most
    record Delegation(List<String> to, int max) implements Passing {
        public static final int DEFAULT_MAX = 8;

        /// More parts nobody may allow.
        public static final int MOST = 1_000;

        public Delegation {
            to = List.copyOf(to);
            if (max < 1 || max > MOST) {
                throw new IllegalArgumentException("delegate max " + max);
            }
        }

        /// The skills and agents themselves are known by name alone.
        @Override
        public List<AgentId> agents() {
            return List.of();
        }
    }

    /// A part of another task, which that one's agent has asked its run for.
    ///
    /// @param by the task that it is for
    /// @param name under which it was asked for, one of its own within that task
    record Errand(TaskId by, String name) implements Passing {
        @Override
        public List<AgentId> agents() {
            return List.of();
        }
    }

    /// Everyone who can does it: each replica is for one agent, and for no other.
    ///
    /// @param agents who has which replica, in their order
    record Ensemble(List<AgentId> agents) implements Passing {
        public Ensemble {
            agents = List.copyOf(agents);
        }
    }

    /// A conversation: each turn is an attempt by one agent, given what was said so far.
    ///
    /// @param members who contribute, in the order of their turns
    /// @param turns who is next
    /// @param moderator who chooses the next one, and may end it; null where nobody does
    /// @param max how many contributions at most
    /// @param until ends it when it holds of `output`, the conversation so far; or null
    /// @param result what becomes of `output`, the whole conversation; null for all of it
    record Group(
            List<Member> members,
            Turns turns,
            @Nullable AgentId moderator,
            int max,
            @Nullable String until,
            @Nullable Value result)
            implements Passing {
        public static final int DEFAULT_MAX = 12;

        /// More contributions nobody may ask for.
        public static final int MOST = 1_000;

        public static final int MOST_MEMBERS = 50;

        public Group {
            members = List.copyOf(members);
            if (members.isEmpty() || members.size() > MOST_MEMBERS || max < 1 || max > MOST) {
                throw new IllegalArgumentException(members.size() + " members, max " + max);
            }
        }

        @Override
        public List<AgentId> agents() {
            return members.stream().map(Member::agent).toList();
        }

        /// Who speaks first.
        public AgentId first() {
            return moderator == null ? members.getFirst().agent() : moderator;
        }
    }

    /// One who takes part.
    ///
    /// @param about what it knows of, in a few words that tell when it is its turn; may be empty
    record Member(AgentId agent, String about) {}

    /// Who has the next turn.
    enum Turns {
        /// One after the other.
        ROUND_ROBIN,
        /// Whom the moderator names.
        MODERATED,
        /// Whom the latest contribution concerns most.
        RELEVANCE;

        /// As team files say it.
        public String word() {
            return switch (this) {
                case ROUND_ROBIN -> "round_robin";
                case MODERATED -> "moderated";
                case RELEVANCE -> "relevance";
            };
        }
    }
}

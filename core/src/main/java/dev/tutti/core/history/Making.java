package dev.tutti.core.history;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Contribution.Means;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the next result of a task is going to rest on, as far as it has come.
final class Making {
    private final Set<Link> given = new LinkedHashSet<>();
    private final Set<Link> met = new LinkedHashSet<>();
    private final Set<Long> talks = new LinkedHashSet<>();
    private Value.@Nullable Struct input;
    private Means means = Means.AGENT;
    private @Nullable AgentId agent;
    private long token;
    private int iteration;
    private @Nullable RunId child;
    private @Nullable Proposed proposed;

    /// Something that is rested on.
    ///
    /// @param place where it is named, or empty
    record Link(Piece piece, Lineage.How how, String place) {}

    /// A result that waits for a second look.
    ///
    /// @param look what else the one who looks is given
    record Proposed(@Nullable AgentId agent, long token, Usage usage, List<Link> look) {
        Proposed {
            look = List.copyOf(look);
        }
    }

    // ---- what is known

    /// All of it, what it was given first.
    List<Link> links() {
        var all = new ArrayList<>(given);
        all.addAll(met);
        return all;
    }

    List<Link> given() {
        return List.copyOf(given);
    }

    /// The conversations with models and tools that led to it, by the token of their first attempt.
    Set<Long> talks() {
        return talks;
    }

    Means means() {
        return means;
    }

    @Nullable AgentId agent() {
        return agent;
    }

    long token() {
        return token;
    }

    int iteration() {
        return iteration;
    }

    /// The run that its latest attempt is, or null.
    @Nullable RunId child() {
        return child;
    }

    @Nullable Proposed proposed() {
        return proposed;
    }

    // ---- what is seen

    /// Whether it is given this for the first time.
    boolean isNew(Value.Struct value) {
        return !value.equals(input);
    }

    void give(Value.Struct value, Set<Link> links) {
        input = value;
        given.clear();
        given.addAll(links);
    }

    /// A person gave it something else: what that was made of is known as before.
    void edit(Value.Struct value) {
        input = value;
    }

    void meet(Link link) {
        met.add(link);
    }

    void begin(Means how, @Nullable AgentId by, long attempt, @Nullable RunId within) {
        means = how;
        agent = by;
        token = attempt;
        child = within;
    }

    void talk(long since) {
        if (since > 0) {
            talks.add(since);
        }
    }

    void propose(@Nullable Proposed result) {
        proposed = result;
    }

    /// It has given one of several results, or another has the task now: what comes rests on that.
    ///
    /// @param again whether it is given its input anew
    void goOn(Link before, boolean again) {
        met.clear();
        talks.clear();
        proposed = null;
        child = null;
        if (again) {
            input = null;
            iteration++;
        }
        met.add(before);
    }
}

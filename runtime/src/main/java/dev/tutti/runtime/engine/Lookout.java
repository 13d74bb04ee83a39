package dev.tutti.runtime.engine;

import dev.tutti.core.event.RunId;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Blocked;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Deadlocks;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks, whenever a run came to wait for nothing but others, whether they wait for it in turn. The
/// last run to close the circle is the one that is told.
final class Lookout {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    /// With more messages on their way nothing is claimed.
    private static final int MOST_MESSAGES = 10_000;

    private final JournalReader journal;
    private final Decider decider;
    private final Dispatcher dispatcher;
    private final Teams teams;
    private final Map<StreamId, Owner> owners;
    private final List<Look> looks = new ArrayList<>();

    /// A run to look at.
    ///
    /// @param gone what runs that have ended never sent
    private record Look(StreamId run, List<Blocked.Owed> gone) {}

    /// @param owners the runs in memory
    Lookout(
            JournalReader journal,
            Decider decider,
            Dispatcher dispatcher,
            Teams teams,
            Map<StreamId, Owner> owners) {
        this.journal = journal;
        this.decider = decider;
        this.dispatcher = dispatcher;
        this.teams = teams;
        this.owners = owners;
    }

    /// Remembers a run that changed or was loaded, if it or another may be stuck by now.
    void note(StreamId run, RunState state) {
        if (Blocked.mayBe(state) && Blocked.mayBeInACircle(state)) {
            looks.add(new Look(run, List.of()));
        } else if (state.status().isFinal() && state.started()) {
            for (var unsent : decider.unsent(state)) {
                looks.add(new Look(StreamId.run(run.tenant(), unsent.to()), List.of(unsent)));
            }
        }
    }

    /// What runs that can never go on by themselves are to be told: one of each circle.
    List<Input> found() {
        var found = new ArrayList<Input>();
        var told = new HashSet<String>();
        var toLook = new LinkedHashSet<>(looks);
        looks.clear();
        for (var look : toLook) {
            try {
                find(look)
                        .filter(one -> Collections.disjoint(told, one.stalled().cycle()))
                        .ifPresent(one -> {
                            told.addAll(one.stalled().cycle());
                            found.add(stall(look, one));
                        });
            } catch (RuntimeException e) {
                LOG.warn(
                        "could not look whether run {} waits for itself: {}",
                        look.run(),
                        e.getMessage());
            }
        }
        return found;
    }

    private static Input stall(Look look, Deadlocks.Found found) {
        var stalled = found.stalled();
        return new Input.Told(
                look.run(),
                new Command.Stall(stalled.reason(), stalled.cycle(), found.sure()),
                "engine");
    }

    /// Messages on their way count only where it matters: looking for them reads the store.
    private Optional<Deadlocks.Found> find(Look look) {
        var start = look.run().run();
        var found = decider.deadlock(start, look.gone(), new View(look.run(), Set.of()));
        if (found.isEmpty()) {
            return found;
        }
        var messages = journal.messages(MOST_MESSAGES);
        if (messages.size() == MOST_MESSAGES) {
            return Optional.empty();
        }
        var addressed = new HashSet<StreamId>();
        messages.stream().map(Message::to).forEach(addressed::add);
        return decider.deadlock(start, look.gone(), new View(look.run(), addressed));
    }

    private final class View implements Deadlocks.World {
        private final StreamId near;
        private final Set<StreamId> moving;

        private View(StreamId near, Set<StreamId> moving) {
            this.near = near;
            this.moving = moving;
        }

        @Override
        public @Nullable RunState state(RunId run) {
            var stream = StreamId.run(near.tenant(), run);
            if (moving.contains(stream)) {
                return null;
            }
            var owner = owners.get(stream);
            if (owner == null) {
                return Runs.load(journal, stream).state();
            }
            return owner.waiting.isEmpty() && !owner.committing() ? owner.state() : null;
        }

        @Override
        public Optional<Deadlocks.Holder> holder(String lock) {
            return dispatcher
                    .holder(lock)
                    .map(held -> new Deadlocks.Holder(held.run().run(), held.task()));
        }

        @Override
        public Team team(String hash) {
            return teams.get(hash);
        }

        @Override
        public Set<RunId> senders(RunId to, String type) {
            var senders = new LinkedHashSet<RunId>();
            for (var owner : owners.values()) {
                var state = owner.state();
                if (state.started()
                        && !state.status().isFinal()
                        && owner.run.tenant().equals(near.tenant())
                        && Blocked.owes(state)
                        && decider.owed(state).stream()
                                .anyMatch(one -> one.to().equals(to) && one.type().equals(type))) {
                    senders.add(owner.run.run());
                }
            }
            return senders;
        }
    }
}

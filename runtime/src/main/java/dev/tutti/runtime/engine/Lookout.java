package dev.tutti.runtime.engine;

import dev.tutti.core.event.Event.Stalled;
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

/// Looks, whenever a run came to wait for nothing but others, whether they wait for it in turn. The
/// last run to close the circle is the one that is told.
final class Lookout {
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
        if (Blocked.mayBe(state)) {
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
        for (var look : new LinkedHashSet<>(looks)) {
            var stalled = find(look);
            if (stalled.isPresent() && Collections.disjoint(told, stalled.get().cycle())) {
                told.addAll(stalled.get().cycle());
                var stall = new Command.Stall(stalled.get().reason(), stalled.get().cycle());
                found.add(new Input.Told(look.run(), stall, "engine"));
            }
        }
        looks.clear();
        return found;
    }

    /// Messages on their way count only where it matters: looking for them reads the store.
    private Optional<Stalled> find(Look look) {
        var start = look.run().run();
        var stalled = decider.deadlock(start, look.gone(), new View(look.run(), Set.of()));
        if (stalled.isEmpty()) {
            return stalled;
        }
        var addressed = new HashSet<StreamId>();
        journal.messages(Integer.MAX_VALUE).stream().map(Message::to).forEach(addressed::add);
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
    }
}

package dev.tutti.cli;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.view.View;
import dev.tutti.core.event.Status;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.view.Overview;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Follows a run until it has ended, waits for a person, or the user says stop: reads only what is
/// new in the journal, and takes the store over when its owner is gone.
final class Follower {
    private static final long SHORTEST_LOOK = 5;
    private static final long SHORTEST_LOOK_AT_SERVERS = 50;
    private static final long LONGEST_LOOK = 100;
    private static final long LONGEST_LOOK_AT_SERVERS = 400;
    private static final Duration LOOK_DOWN = Duration.ofMillis(500);
    private static final Duration LOOK_DOWN_AGAIN = Duration.ofSeconds(2);
    private static final Duration VERY_LONG = Duration.ofDays(365);

    private final Tutti tutti;
    private final Shell shell;
    private final boolean patient;
    private final View view;
    private final boolean only;
    private final Instant until;
    private @Nullable CompletableFuture<?> driven;

    /// @param patient whether to go on while the run waits for a person
    Follower(Tutti tutti, Shell shell, View view, boolean patient) {
        this(tutti, shell, view, patient, false, Instant.MAX);
    }

    private Follower(
            Tutti tutti, Shell shell, View view, boolean patient, boolean only, Instant until) {
        this.tutti = tutti;
        this.shell = shell;
        this.view = view;
        this.patient = patient;
        this.only = only;
        this.until = until;
    }

    /// One that only looks, and no longer than until some moment.
    static Follower watching(Tutti tutti, Shell shell, View view, boolean patient, Instant until) {
        return new Follower(tutti, shell, view, patient, true, until);
    }

    /// Returns the run as it is then.
    ///
    /// @throws EngineStopped when this process cannot drive it any more
    Overview follow(Run run) throws InterruptedException {
        return follow(run, Overview.of(run.id()));
    }

    Overview follow(Run run, Overview overview) throws InterruptedException {
        shell.interrupts().listen();
        try (var reader = tutti.reader()) {
            var begun = Instant.now();
            var lookedDown = begun;
            boolean moved = false;
            while (true) {
                drive(run);
                moved |= overview.readOn(reader);
                var now = Instant.now();
                if (!patient && isTimeToLookDown(Duration.between(lookedDown, now), moved)) {
                    overview.lookDown(reader);
                    lookedDown = now;
                    moved = false;
                }
                if (isOver(overview) || shell.interrupts().interrupted() || !now.isBefore(until)) {
                    break;
                }
                view.show(overview, tutti.progress(run), now);
                shell.interrupts().pause(untilNextLook(Duration.between(begun, now)));
            }
            if (!overview.ended() && shell.interrupts().interrupted()) {
                stop(overview, reader);
            }
            view.end(overview, Instant.now());
            return overview;
        }
    }

    private boolean isOver(Overview overview) {
        var status = overview.status();
        return overview.ended()
                || (!patient && (status == Status.WAITING || status == Status.PAUSED));
    }

    /// The runs below are read as a whole: soon where the run has moved, else now and then.
    private static boolean isTimeToLookDown(Duration since, boolean moved) {
        return since.compareTo(moved ? LOOK_DOWN : LOOK_DOWN_AGAIN) > 0;
    }

    /// Short runs are looked at often, so that their end is seen at once.
    private long untilNextLook(Duration soFar) {
        if (tutti.server().isPresent()) {
            return Math.clamp(
                    soFar.toMillis() / 10, SHORTEST_LOOK_AT_SERVERS, LONGEST_LOOK_AT_SERVERS);
        }
        return Math.clamp(soFar.toMillis() / 10, SHORTEST_LOOK, LONGEST_LOOK);
    }

    /// Owns the store if nobody does, and learns of it when the engine stops.
    private void drive(Run run) {
        var future = driven;
        if (only) {
            return;
        }
        if (future == null && tutti.own()) {
            driven =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    run.await(VERY_LONG);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            },
                            action -> Thread.ofVirtual().name("await-" + run.id()).start(action));
        } else if (future != null && future.isCompletedExceptionally()) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new EngineStopped(e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Whether this process drives the run.
    boolean drives() {
        return driven != null;
    }

    /// Closes the store, which lets attempts end for a moment, and reads what they still reported.
    private void stop(Overview overview, JournalReader reader) {
        if (!drives()) {
            return;
        }
        view.say("stopping: attempts under way have a moment to end; Ctrl-C again leaves at once");
        tutti.close();
        overview.readOn(reader);
    }

    /// The engine of this process cannot go on.
    static final class EngineStopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EngineStopped(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }
}

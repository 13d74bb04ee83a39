package dev.tutti.simulation.crash;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Clients that submit small runs to one store, side by side, each the next one as soon as the last
/// is acknowledged. Every one begins from its first submission, also after a crash: what is asked
/// again under its old id must not be done again.
final class Clients {
    static final int CLIENTS = 8;

    private static final int PATIENCE_MILLIS = 100;

    private Clients() {}

    /// Hears what the clients hear.
    interface Ear {
        /// A submission was acknowledged.
        void submitted(int client, int number, byte[] hash);

        /// A submission was not taken, for now.
        void refused(@Nullable Throwable why);
    }

    /// One number for both.
    static long number(int client, int number) {
        return (long) client << 32 | number;
    }

    static StreamId run(long number) {
        return StreamId.run(
                TenantId.LOCAL, new RunId("C" + (number >> 32) + "N" + (number & 0xffff_ffffL)));
    }

    static Request.Start submission(int client, int number) {
        return Workload.small(Value.struct("client", Value.of(client), "number", Value.of(number)));
    }

    /// The hash of a submission's body.
    static byte[] hash(Request.Start submission) {
        return Sha256.digest().digest(submission.payload());
    }

    /// The hash of the body that a run was begun with, as its journal has it.
    static byte[] hash(Event.RunStarted started) {
        return hash(Workload.small(started.inputs()));
    }

    /// Submits `most` runs a client and returns when all are acknowledged.
    static void submit(Driver driver, int most, Ear ear) throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int client = 0; client < CLIENTS; client++) {
                int one = client;
                all.add(
                        pool.submit(() -> {
                            for (int number = 0; number < most; number++) {
                                submit(driver, one, number, ear);
                            }
                            return null;
                        }));
            }
            for (var one : all) {
                one.get();
            }
        }
    }

    private static void submit(Driver driver, int client, int number, Ear ear) throws Exception {
        var start = submission(client, number);
        var name = "client-" + client;
        var run = run(number(client, number));
        while (true) {
            try {
                var answer = driver.ask(run, start, name, name + "-" + number).get();
                if (answer.refusal() != null) {
                    throw new IllegalStateException(run + " is refused: " + answer.refusal());
                }
                ear.submitted(client, number, hash(start));
                return;
            } catch (ExecutionException e) {
                ear.refused(e.getCause());
                if (!(e.getCause() instanceof JournalException why) || !why.code().equals("full")) {
                    throw e;
                }
                Thread.sleep(PATIENCE_MILLIS);
            }
        }
    }

    /// Hears nothing.
    static Ear deaf() {
        return new Ear() {
            @Override
            public void submitted(int client, int number, byte[] hash) {}

            @Override
            public void refused(@Nullable Throwable why) {}
        };
    }

    /// Hears for the marks.
    static Ear marking(CommitMarks marks) {
        return new Ear() {
            @Override
            public void submitted(int client, int number, byte[] hash) {
                marks.submitted(Clients.number(client, number), hash);
            }

            @Override
            public void refused(@Nullable Throwable why) {
                marks.refused();
            }
        };
    }

    /// The runs of `most` submissions a client.
    static List<StreamId> runs(int most) {
        var runs = new ArrayList<StreamId>();
        for (int client = 0; client < CLIENTS; client++) {
            for (int number = 0; number < most; number++) {
                runs.add(run(number(client, number)));
            }
        }
        return runs;
    }
}

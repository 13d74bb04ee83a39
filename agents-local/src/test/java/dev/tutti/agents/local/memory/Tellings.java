package dev.tutti.agents.local.memory;

import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Posted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts messages on the topic `memory` as the engine does, at times that are given.
public final class Tellings {
    public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final Journal journal;
    private final StreamId topic;
    private final List<NewEntry> waiting = new ArrayList<>();
    private long epoch;
    private Instant now = BEGINNING;
    private int count;

    public Tellings(Journal journal) {
        this(journal, TenantId.LOCAL);
    }

    Tellings(Journal journal, TenantId tenant) {
        this.journal = journal;
        topic = StreamId.topic(tenant, "memory");
        epoch = journal.claim();
    }

    /// The time of the next message.
    Instant now() {
        return now;
    }

    Tellings later(Duration time) {
        now = now.plus(time);
        return this;
    }

    /// A fact of a run.
    public Tellings fact(@Nullable String about, String text) {
        return run("R1", "fact", about, Value.struct("text", Value.text(text)));
    }

    Tellings run(String run, String type, @Nullable String about, Value data) {
        return told("run/" + run, "/runs/" + run, type, about, data);
    }

    Tellings person(String name, String type, @Nullable String about, Value data) {
        return told(name, "tutti/" + name, type, about, data);
    }

    Tellings told(String actor, String source, String type, @Nullable String about, Value data) {
        var event = new CloudEvent("e" + ++count, source, type, about, now, null, data);
        waiting.add(new Posted(event, List.of()).entry(now, actor, "cause"));
        if (waiting.size() >= 1_000) {
            commit();
        }
        return this;
    }

    /// Nothing is on record before this.
    public Tellings commit() {
        journal.commit(
                List.of(
                        new Append(
                                topic,
                                Append.ANY,
                                epoch,
                                waiting,
                                List.of(),
                                List.of(),
                                List.of(),
                                null)));
        waiting.clear();
        return this;
    }
}

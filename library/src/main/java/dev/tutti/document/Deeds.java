package dev.tutti.document;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.dispatch.Switched;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Enlisted;
import dev.tutti.runtime.topic.Posted;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who did what, when and why, in all runs of a store, and to what they share: agents, triggers and
/// memory. Read from the journal, which is the only record of it. Read on when asked again. Safe to
/// use from several threads.
public final class Deeds {
    private static final int PAGE = 2_000;

    /// When there are more, the oldest are left out.
    private static final int MOST = 100_000;

    private static final int MOST_FORKS = 10_000;

    /// The events that tell of deeds; no other is decoded.
    private static final Set<String> TYPES =
            Set.of("RunStarted", "Intervened", "Paused", "Resumed", "QuestionAnswered", "Refused");

    /// Characters of what somebody published that are kept of it here.
    private static final int LONGEST = 300;

    private static final String ENGINE = "engine";
    private static final String AGENTS = "agent/";
    private static final String RUNS = "run/";

    /// The topic on which people tell what is to be remembered from run to run.
    private static final String MEMORY = "memory";

    private final ArrayDeque<Deed> kept = new ArrayDeque<>();

    /// How many events forks took over: those were deeds in the run that they come from.
    private final Map<StreamId, Long> taken =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
                    return size() > MOST_FORKS;
                }
            };

    private long position;

    /// Which deeds are wanted.
    ///
    /// @param by a part of the name, or null for anybody
    /// @param verb a word, or null for all
    /// @param run the beginning of an id, or null for all
    /// @param since when it was done at the earliest, or null
    /// @param before a position, of which only deeds before are wanted
    public record Wanted(
            @Nullable String by,
            @Nullable String verb,
            @Nullable String run,
            @Nullable Instant since,
            long before) {
        /// All of them.
        public static final Wanted ALL = new Wanted(null, null, null, null, Long.MAX_VALUE);

        boolean takes(Deed deed) {
            return deed.position() < before
                    && (by == null || deed.by().contains(by))
                    && (verb == null || deed.verb().equals(verb))
                    && (run == null || deed.runText().startsWith(run))
                    && (since == null || !deed.at().isBefore(since));
        }
    }

    /// Told how far the journal has been read.
    @FunctionalInterface
    public interface Reading {
        void at(long position, long of);
    }

    /// Reads on.
    ///
    /// @param most entries that are looked at
    /// @return whether all of the journal has been read
    public synchronized boolean readOn(JournalReader journal, long most, Reading reading) {
        long end = journal.position();
        long read = 0;
        while (read < most) {
            var page = journal.follow(position, PAGE);
            for (var entry : page) {
                position = entry.position();
                deed(entry).ifPresent(this::keep);
            }
            read += page.size();
            reading.at(Math.min(position, end), end);
            if (page.size() < PAGE) {
                return true;
            }
        }
        return position >= end;
    }

    private void keep(Deed deed) {
        kept.addFirst(deed);
        if (kept.size() > MOST) {
            kept.removeLast();
        }
    }

    private Optional<Deed> deed(Entry entry) {
        var told = entry.event();
        if (entry.stream().isAgents()) {
            return Optional.of(switched(entry, Switched.of(entry)));
        }
        if (entry.stream().isSubscriptions()) {
            return Optional.ofNullable(deployed(entry));
        }
        if (entry.stream().isTopic() && entry.stream().topic().equals(MEMORY)) {
            return Optional.ofNullable(told(entry));
        }
        if (!entry.stream().isRun() || !TYPES.contains(told.type())) {
            return Optional.empty();
        }
        var event = Runs.event(entry);
        boolean own = entry.sequence() > taken.getOrDefault(entry.stream(), 0L);
        if (event instanceof Event.RunStarted started
                && started.origin() instanceof Origin.Fork fork) {
            taken.put(entry.stream(), fork.at());
        }
        return byNobody(told.actor()) || !own
                ? Optional.empty()
                : Optional.ofNullable(deed(entry, event));
    }

    private static boolean byNobody(String actor) {
        return actor.equals(ENGINE) || actor.startsWith(AGENTS) || actor.startsWith(RUNS);
    }

    private static Deed switched(Entry entry, Switched fact) {
        return ofStore(
                entry,
                fact.on() ? "enable" : "disable",
                "agent " + fact.agent() + (fact.reason().isEmpty() ? "" : ": " + fact.reason()));
    }

    /// Older journals do not say who deployed, but `engine`.
    private static @Nullable Deed deployed(Entry entry) {
        return switch (entry.event().type()) {
            case "Deployed", "Withdrawn" ->
                    switch (Enlisted.of(entry)) {
                        case Enlisted.Deployed(var name, _, var from) ->
                                ofStore(entry, "deploy", "triggers of " + name + ", from " + from);
                        case Enlisted.Withdrawn(var name) ->
                                ofStore(entry, "remove", "triggers of " + name);
                        default -> null;
                    };
            default -> null;
        };
    }

    /// What was told is left out: it may be forgotten, and the audit would say it still.
    private static @Nullable Deed told(Entry entry) {
        if (byNobody(entry.event().actor())) {
            return null;
        }
        var event = Posted.of(entry).event();
        return switch (event.type()) {
            case "fact" -> ofStore(entry, "remember", memory(event));
            case "forget" -> ofStore(entry, "forget", memory(event));
            case "rules" -> ofStore(entry, "rules", cut("memory: " + Json.text(event.data())));
            default -> null;
        };
    }

    private static String memory(CloudEvent event) {
        var data = event.data() instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
        if (data.get("id") instanceof Value.Text(var id)) {
            return cut("memory " + id);
        }
        var about = data.get("about") instanceof Value.Text(var named) ? named : event.subject();
        return about == null ? "memory" : cut("memory about " + about);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /// What was done to no run.
    private static Deed ofStore(Entry entry, String verb, String why) {
        return new Deed(
                entry.position(),
                entry.event().at(),
                entry.event().actor(),
                verb,
                null,
                entry.sequence(),
                List.of(),
                why,
                false);
    }

    private static @Nullable Deed deed(Entry entry, Event event) {
        return switch (event) {
            case Event.RunStarted e ->
                    switch (e.origin()) {
                        case null -> deed(entry, "run", List.of(), e.goal());
                        case Origin.Fork(var from, var at, _, var reason) ->
                                deed(
                                        entry,
                                        "fork",
                                        List.of(),
                                        "from "
                                                + from
                                                + ", event "
                                                + at
                                                + (reason.isEmpty() ? "" : ": " + reason));
                        case Origin.Child _ -> null;
                    };
            case Event.Intervened e -> deed(entry, e.verb(), e.tasks(), e.reason());
            case Event.Paused e -> deed(entry, "pause", List.of(), e.reason());
            case Event.Resumed e -> deed(entry, "resume", List.of(), e.reason());
            case Event.QuestionAnswered e ->
                    new Deed(
                            entry.position(),
                            entry.event().at(),
                            e.by(),
                            "answer",
                            entry.stream().run(),
                            entry.sequence(),
                            List.of(),
                            e.comment(),
                            false);
            case Event.Refused e -> refused(entry, e);
            default -> null;
        };
    }

    private static Deed refused(Entry entry, Event.Refused event) {
        return new Deed(
                entry.position(),
                entry.event().at(),
                entry.event().actor(),
                event.command(),
                entry.stream().run(),
                entry.sequence(),
                List.of(),
                event.reason(),
                true);
    }

    private static Deed deed(Entry entry, String verb, List<String> tasks, String why) {
        return new Deed(
                entry.position(),
                entry.event().at(),
                entry.event().actor(),
                verb,
                entry.stream().run(),
                entry.sequence(),
                tasks,
                why,
                false);
    }

    /// Those that are wanted, the newest first.
    public synchronized List<Deed> find(Wanted wanted, int limit) {
        var found = new ArrayList<Deed>();
        for (var deed : kept) {
            if (found.size() == limit) {
                break;
            }
            if (wanted.takes(deed)) {
                found.add(deed);
            }
        }
        return found;
    }
}

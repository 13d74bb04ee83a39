package dev.tutti.agents.local.memory;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was tried in runs and what came of it, as their journals say. An episode follows from the
/// events of its run alone, so it can be thrown away and made again.
final class Episodes {
    /// The newest runs that have ended are remembered.
    static final int MOST = 1_000;

    /// What a run is known by among its events; one with more is not looked through.
    private static final long MOST_EVENTS = 20_000;

    /// Notes of refused commands may follow the end of a run.
    private static final int TAIL = 20;

    private static final int PAGE = 1_000;
    private static final int LONGEST_INPUTS = 600;
    private static final int LONGEST_OUTCOME = 1_000;
    private static final int LONGEST_PLAN = 1_000;

    /// Stands before the part of an id that is a run's within another.
    private static final String WITHIN = "-";

    private static final Logger LOG = LoggerFactory.getLogger(Episodes.class);

    private Episodes() {}

    /// An episode, and whom and what its run told something about.
    record Episode(Memory memory, List<String> told) {
        Episode {
            told = List.copyOf(told);
        }

        Wording wording() {
            var hash = Sha256.hex(memory.id().getBytes(StandardCharsets.UTF_8));
            return new Wording(hash.substring(0, 32), null);
        }
    }

    /// The id of the episode of a run.
    static String id(RunId run) {
        return "run/" + run;
    }

    /// The runs that changed since a place in the journal and have ended, the newest first. Runs
    /// within runs are part of those.
    static List<RunId> ended(JournalReader journal, TenantId tenant, long since) {
        return journal.changedSince(since).stream()
                .filter(stream ->
                        stream.isRun()
                                && stream.tenant().equals(tenant)
                                && !stream.run().value().contains(WITHIN))
                .filter(stream -> hasEnded(journal, stream))
                .map(StreamId::run)
                .sorted(Comparator.comparing(RunId::value).reversed())
                .toList();
    }

    private static boolean hasEnded(JournalReader journal, StreamId stream) {
        long head = journal.head(stream);
        try {
            return head <= MOST_EVENTS
                    && journal.read(stream, Math.max(0, head - TAIL), TAIL).stream()
                            .anyMatch(entry -> Runs.event(entry) instanceof Event.Ended);
        } catch (JournalException damaged) {
            LOG.warn("nothing is remembered of {}: {}", stream, damaged.getMessage());
            return false;
        }
    }

    /// The episode of a run, or nothing where it is a part of another, or cannot be read.
    static Optional<Episode> of(JournalReader journal, TenantId tenant, RunId run) {
        var stream = StreamId.run(tenant, run);
        Event.RunStarted started = null;
        Entry first = null;
        var told = new TreeSet<String>();
        var plan = new LinkedHashMap<String, String>();
        try {
            long at = 0;
            for (var page = journal.read(stream, at, PAGE);
                    !page.isEmpty();
                    page = journal.read(stream, at, PAGE)) {
                for (var entry : page) {
                    switch (Runs.event(entry)) {
                        case Event.RunStarted e -> {
                            started = e;
                            first = entry;
                        }
                        case Event.MessagePublished e when Told.TOPIC.equals(e.topic()) ->
                                addSubjects(e, told);
                        case Event.PlanAmended(var amendment) -> amend(plan, amendment);
                        case Event.Ended e -> {
                            return started == null
                                            || first == null
                                            || started.origin() instanceof Origin.Child
                                    ? Optional.empty()
                                    : Optional.of(
                                            new Episode(
                                                    memory(
                                                            run, started, plan, first, e, entry,
                                                            told),
                                                    List.copyOf(told)));
                        }
                        default -> {}
                    }
                }
                at = page.getLast().sequence();
            }
        } catch (JournalException damaged) {
            LOG.warn("nothing is remembered of run {}: {}", run, damaged.getMessage());
        }
        return Optional.empty();
    }

    private static void addSubjects(Event.MessagePublished message, NavigableSet<String> told) {
        try {
            Told.facts(message.data(), message.key(), Instant.EPOCH).stream()
                    .map(Told.Fact::about)
                    .filter(about -> about != null)
                    .forEach(told::add);
        } catch (IllegalArgumentException _) {
            if (message.key() != null) {
                told.add(message.key());
            }
        }
    }

    private static Memory memory(
            RunId run,
            Event.RunStarted started,
            Map<String, String> plan,
            Entry first,
            Event.Ended ended,
            Entry last,
            NavigableSet<String> told) {
        var planner = started.planner();
        boolean served = planner != null && ended.status() == Status.SUCCEEDED;
        var text =
                started.goal()
                        + (planner == null ? "" : ", " + cut(planner.goal(), LONGEST_INPUTS))
                        + inputs(started.inputs())
                        + " "
                        + ended.status().word()
                        + (served
                                ? " by " + cut(String.join(", ", plan.values()), LONGEST_PLAN)
                                : "")
                        + outcome(ended.output(), ended.failure());
        return new Memory(
                id(run),
                served ? Kind.PROCEDURE : Kind.EPISODE,
                text,
                told.size() == 1 ? told.getFirst() : null,
                null,
                null,
                Trust.AGENT,
                id(run),
                null,
                first.event().at(),
                last.event().at(),
                0,
                null);
    }

    private static void amend(Map<String, String> plan, Amendment amendment) {
        amendment.drops().forEach(plan::remove);
        for (var task : amendment.tasks()) {
            if (!task.plans()) {
                plan.put(task.name(), step(task));
            }
        }
    }

    /// What a task of a plan does.
    private static String step(Task task) {
        var how =
                switch (task.performer()) {
                    case Task.Performer.BySkill(var skill, _, _) -> skill.value();
                    case Task.Performer.ByAgent(var agent) -> agent.value();
                    case Task.Performer.ByWorkflow(var workflow) -> "the workflow " + workflow;
                    case Task.Performer.ByMessage _ -> "waiting for a message";
                };
        return task.each() == null ? how : how + " for each of " + task.each();
    }

    private static String inputs(Value.Struct inputs) {
        var parts = new ArrayList<String>();
        inputs.fields().forEach((name, value) -> parts.add(name + ": " + text(value)));
        return parts.isEmpty() ? "" : " (" + cut(String.join(", ", parts), LONGEST_INPUTS) + ")";
    }

    private static String outcome(Value output, @Nullable Failure failure) {
        var text = failure == null ? text(output) : failure.code() + ": " + failure.message();
        return text.isBlank() || text.equals("null") ? "" : ": " + cut(text, LONGEST_OUTCOME);
    }

    private static String text(Value value) {
        return value instanceof Value.Text(var text) ? text : Json.text(value);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}

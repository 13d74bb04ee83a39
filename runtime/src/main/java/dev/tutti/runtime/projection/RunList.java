package dev.tutti.runtime.projection;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The list of runs, newest first. Its owner keeps it now and then; a reader makes up for what came
/// since, so that the list is always as the journal is.
public final class RunList {
    private static final String NAME = "runs";
    private static final int VERSION = 3;

    /// Sorts behind every character of an id.
    private static final String AFTER_ANY = "\u007f";

    private static final int LONGEST_ID = 200;

    /// Runs that are looked at for one answer of a filtered list.
    private static final int MOST_SCANNED = 20_000;

    private static final int SCAN = 1_000;

    /// Stands before the part of an id that is a run's within another.
    private static final char WITHIN = '-';

    private RunList() {}

    /// How far into the journal the list was kept; 0 where it never was as this version keeps it.
    public static long keptTo(JournalReader journal) {
        return journal.projectedTo(NAME, VERSION);
    }

    /// The runs that changed since the list was kept.
    static List<StreamId> changed(JournalReader journal) {
        return changed(journal, keptTo(journal));
    }

    /// A reader asks for this with what it asked for before it read the list: the owner may keep
    /// the list in between, and what it keeps then is not in what was read.
    private static List<StreamId> changed(JournalReader journal, long kept) {
        return journal.changedSince(kept).stream().filter(StreamId::isRun).toList();
    }

    /// Keeps some summaries, as of a place in the journal.
    static void keep(Journal journal, List<Runs.Loaded> changed, long position) {
        var rows =
                changed.stream()
                        .filter(loaded -> loaded.state().started())
                        .map(RunSummary::of)
                        .map(summary -> new JournalReader.Row(summary.key(), summary.body()))
                        .toList();
        journal.keep(NAME, VERSION, position, rows);
    }

    /// The newest runs of a tenant, `limit` at most.
    public static List<RunSummary> newest(JournalReader journal, TenantId tenant, int limit) {
        return page(journal, tenant, null, limit, stream -> loaded(journal, stream));
    }

    private static Optional<RunSummary> loaded(JournalReader journal, StreamId stream) {
        var loaded = Runs.load(journal, stream);
        return loaded.state().started() ? Optional.of(RunSummary.of(loaded)) : Optional.empty();
    }

    /// A part of the list, the newest first.
    ///
    /// @param before the run whose elders are wanted, or null for the beginning
    /// @param limit the most that there may be
    /// @param fresh gives the summary of a run that changed since the list was kept, or nothing
    ///   while it has not begun
    public static List<RunSummary> page(
            JournalReader journal,
            TenantId tenant,
            @Nullable RunId before,
            int limit,
            Function<StreamId, Optional<RunSummary>> fresh) {
        if (limit <= 0) {
            return List.of();
        }
        var own = tenant.value() + "/";
        var below = before == null ? tenant.value() + "0" : own + before;
        var summaries = new TreeMap<String, RunSummary>(Comparator.reverseOrder());
        long kept = keptTo(journal);
        if (kept > 0) {
            for (var row : journal.rowsBelow(NAME, below, limit)) {
                if (row.key().startsWith(own)) {
                    summaries.put(row.key(), RunSummary.read(row.body()));
                }
            }
        }
        // The newest first: a list that is kept for none of a hundred thousand runs is still not
        // folded of more of them than a page has.
        var newest =
                changed(journal, kept).stream()
                        .filter(stream -> stream.tenant().equals(tenant))
                        .filter(stream -> (own + stream.run()).compareTo(below) < 0)
                        .sorted(
                                Comparator.comparing((StreamId stream) -> stream.run().value())
                                        .reversed())
                        .toList();
        for (var stream : newest) {
            if (summaries.size() == limit
                    && (own + stream.run()).compareTo(summaries.lastKey()) < 0) {
                break;
            }
            fresh.apply(stream).ifPresent(summary -> summaries.put(summary.key(), summary));
            if (summaries.size() > limit) {
                summaries.pollLastEntry();
            }
        }
        return List.copyOf(summaries.values());
    }

    /// Runs that were looked for.
    ///
    /// @param last the last one that was looked at, or null
    /// @param more whether there are some that were not looked at
    public record Found(List<RunSummary> runs, @Nullable RunId last, boolean more) {}

    /// Looks for runs, the newest first, among the 20,000 newest.
    ///
    /// @param before the run whose elders are wanted, or null for the beginning
    /// @param limit the most that there may be
    /// @param fresh gives the summary of a run that changed since the list was kept, or nothing
    ///   while it has not begun
    public static Found find(
            JournalReader journal,
            TenantId tenant,
            @Nullable RunId before,
            int limit,
            RunFilter filter,
            Function<StreamId, Optional<RunSummary>> fresh) {
        int wanted = filter.isOpen() ? Math.min(limit, MOST_SCANNED) + 1 : SCAN;
        var takes = filter.taking();
        var found = new ArrayList<RunSummary>();
        var from = filter.from(before);
        boolean more = true;
        int scanned = 0;
        while (more && found.size() < limit && scanned < MOST_SCANNED) {
            var page = page(journal, tenant, from, wanted, fresh);
            more = page.size() == wanted;
            for (var run : page) {
                if (filter.isOver(run)) {
                    more = false;
                    break;
                }
                if (found.size() == limit) {
                    more = true;
                    break;
                }
                scanned++;
                from = run.run();
                if (takes.test(run)) {
                    found.add(run);
                }
            }
        }
        return new Found(found, from, more);
    }

    /// The runs of a tenant that a filter takes, of the 20,000 newest, `limit` at most.
    public static List<RunSummary> newest(
            JournalReader journal, TenantId tenant, int limit, RunFilter filter) {
        return find(journal, tenant, null, limit, filter, stream -> loaded(journal, stream)).runs();
    }

    /// The runs of a tenant that have not ended, the newest first.
    public static List<RunSummary> unfinished(JournalReader journal, TenantId tenant) {
        return unfinished(journal, tenant, stream -> loaded(journal, stream));
    }

    /// The runs of a tenant that have not ended, the newest first. What those that have would say
    /// is not read, however many there are.
    ///
    /// @param fresh gives the summary of a run that changed since the list was kept, or nothing
    ///   while it has not begun
    public static List<RunSummary> unfinished(
            JournalReader journal,
            TenantId tenant,
            Function<StreamId, Optional<RunSummary>> fresh) {
        var own = tenant.value() + "/";
        var summaries = new TreeMap<String, RunSummary>(Comparator.reverseOrder());
        long kept = keptTo(journal);
        if (kept > 0) {
            for (var row :
                    journal.rowsWithout(
                            RunSummary.ENDED, NAME, tenant.value() + "0", Integer.MAX_VALUE)) {
                if (row.key().startsWith(own)) {
                    summaries.put(row.key(), RunSummary.read(row.body()));
                }
            }
        }
        for (var stream : changed(journal, kept)) {
            if (stream.tenant().equals(tenant)) {
                fresh.apply(stream).ifPresent(summary -> summaries.put(summary.key(), summary));
            }
        }
        return summaries.values().stream().filter(summary -> !summary.status().isFinal()).toList();
    }

    /// Whether the list, where it was kept since a run last changed, says of it what its journal
    /// says. Asking it throws a [dev.tutti.runtime.journal.JournalException] when a row is damaged.
    public static Predicate<Runs.Loaded> agreement(JournalReader journal) {
        if (keptTo(journal) == 0) {
            return _ -> true;
        }
        var changed = Set.copyOf(changed(journal));
        return loaded -> {
            var summary = RunSummary.of(loaded);
            if (changed.contains(loaded.run())) {
                return true;
            }
            var rows = journal.rowsBelow(NAME, summary.key() + "\u0000", 1);
            return rows.size() == 1
                    && rows.getFirst().key().equals(summary.key())
                    && Arrays.equals(rows.getFirst().body(), summary.body());
        };
    }

    /// The runs of a tenant whose id begins with `prefix`, two at most: enough to know whether it
    /// names one. A whole id names its run alone. Runs within runs are meant only by a prefix that
    /// reaches into their own part of the id.
    public static List<RunId> startingWith(JournalReader journal, TenantId tenant, String prefix) {
        if (!prefix.isEmpty()
                && prefix.length() <= LONGEST_ID
                && prefix.chars().allMatch(c -> c > ' ' && c < AFTER_ANY.charAt(0))
                && journal.head(StreamId.run(tenant, new RunId(prefix))) > 0) {
            return List.of(new RunId(prefix));
        }
        long kept = keptTo(journal);
        var found = new TreeSet<String>();
        var from = tenant.value() + "/" + prefix;
        var below = from + AFTER_ANY;
        while (found.size() < 2) {
            var rows = journal.rowsBelow(NAME, below, 1);
            if (rows.isEmpty() || !rows.getFirst().key().startsWith(from)) {
                break;
            }
            var id = meant(rows.getFirst().key().substring(tenant.value().length() + 1), prefix);
            found.add(id);
            below = tenant.value() + "/" + id;
        }
        changed(journal, kept).stream()
                .filter(stream -> stream.tenant().equals(tenant))
                .map(stream -> stream.run().value())
                .filter(id -> id.startsWith(prefix))
                .forEach(id -> found.add(meant(id, prefix)));
        return found.stream().limit(2).map(RunId::new).toList();
    }

    private static String meant(String id, String prefix) {
        int within = id.indexOf(WITHIN, prefix.length());
        return within < 0 ? id : id.substring(0, within);
    }
}

package dev.tutti.history;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Lineage;
import dev.tutti.core.history.Moment;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.step.Conversation;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Lineages read from a store: runs, the runs within and above them, and the steps of their
/// attempts.
public final class Lineages implements Lineage.Journals {
    private final JournalReader journal;
    private final StreamId of;
    private final long at;
    private final int most;

    /// @param of the run that is looked at
    /// @param at the last of its events that counts
    /// @param most how many pieces are told
    public Lineages(JournalReader journal, StreamId of, long at, int most) {
        this.journal = journal;
        this.of = of;
        this.at = at;
        this.most = most;
    }

    /// What a task rests on, or the output of the run; nothing while there is nothing.
    public Optional<Lineage> of(@Nullable TaskId task) {
        return Lineage.of(this, of.run(), task, new Expressions(), most);
    }

    /// What each of so many tasks rests on; those of which there is nothing are left out.
    public SequencedMap<TaskId, Lineage> ofEach(List<TaskId> tasks) {
        return Lineage.ofEach(this, of.run(), tasks, new Expressions(), most);
    }

    /// What rests on a task; nothing while it gave nothing.
    public Optional<Lineage> usedBy(TaskId task) {
        return Lineage.usedBy(this, of.run(), task, new Expressions(), most);
    }

    @Override
    public List<Moment> run(RunId run) {
        var stream = StreamId.run(of.tenant(), run);
        var moments = Moments.of(journal, stream, Watch.NOBODY);
        return stream.equals(of) && at < moments.size() ? moments.subList(0, (int) at) : moments;
    }

    @Override
    public List<Lineage.Taken> steps(RunId run, long since) {
        return Conversation.read(journal, StreamId.run(of.tenant(), run), since).steps().stream()
                .map(step ->
                        new Lineage.Taken(
                                step.number(),
                                step.step().kind(),
                                step.step().name(),
                                step.taken().usage()))
                .toList();
    }
}

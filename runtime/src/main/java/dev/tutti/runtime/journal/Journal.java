package dev.tutti.runtime.journal;

import java.util.List;

/// The journal as its one writer sees it. Not safe for concurrent use.
public interface Journal extends JournalReader {

    /// Takes ownership of the store: the new epoch, greater than every earlier one. Whoever held it
    /// before can write nothing from now on.
    long claim();

    /// Appends, in order, in one commit that is on disk when this returns. An append that conflicts
    /// fails alone.
    ///
    /// @return what became of each
    /// @throws JournalException `full` when nothing was committed for want of space: the same may
    ///   be tried again; otherwise it is not known what was committed, and the journal must be
    ///   opened anew and read before anything is retried
    List<Append.Result> commit(List<Append> batch);

    /// Keeps the rows of a projection that changed, as of a place in the journal. May be lost;
    /// never more than that.
    ///
    /// @param version of their form; rows of another version are thrown away
    void keep(String projection, int version, long position, List<Row> changed);

    /// Leaves a message for the owner. Done by processes that do not own the store.
    void post(Message message);

    /// A reader of its own for another thread.
    JournalReader reader();
}

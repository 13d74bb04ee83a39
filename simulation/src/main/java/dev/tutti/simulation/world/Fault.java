package dev.tutti.simulation.world;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What goes wrong in a world, and what makes it restless. Each seed switches about half of them
/// on, each with a rate of its own: worlds that differ in what they lack find what a world of
/// everything at once never reaches (Groce et al., "Swarm Testing", ISSTA 2012).
public enum Fault {
    /// A report, a sign of life, a request or an acknowledgement never arrives.
    LOSS(0.3),
    /// It arrives more than once.
    DUPLICATION(0.5),
    /// It arrives late, and so after what was sent later.
    DELAY(0.3),
    /// What arrives in one turn is taken in another order.
    REORDERING(0.5),
    /// The process is killed between two commits.
    CRASH(0.01),
    /// The process is killed when it has decided and before it commits.
    CRASH_BEFORE_COMMIT(0.02),
    /// The process is killed when it has committed and before it acts on it.
    CRASH_AFTER_COMMIT(0.02),
    /// A commit fails as a whole: nothing of it is there.
    COMMIT_TORN(0.02),
    /// A commit is there, but nobody says so: the store is opened anew.
    COMMIT_UNKNOWN(0.02),
    /// Another process takes over while the owner is well, and the owner does not notice.
    TWO_OWNERS(0.02),
    /// A clock is set, forward or back.
    CLOCK_JUMP(0.02),
    /// The process is asked to stop, and lets attempts end for a while.
    STOP(0.01),
    /// All memory is dropped and read again from what the codec writes.
    UPGRADE(0.01),
    /// An attempt takes much longer than others.
    SLOW(0.2),
    /// An attempt never reports by itself.
    SILENT(0.1),
    /// An attempt fails.
    FAILING(0.4),
    /// An attempt claims success with something else than was promised.
    LYING(0.15),
    /// An attempt reports under a token that is not its own.
    WRONG_TOKEN(0.1),
    /// An attempt goes on although it was stopped, and reports in the end.
    DEAF(0.3),
    /// An operator changes the course of a run.
    INTERVENTION(1.0),
    /// Several people answer one question, some too late or wrongly.
    QUARREL(0.6),
    /// A run that has ended is gone on with as another.
    FORK(0.5),
    /// An attempt takes steps, and may end to ask a person between two of them.
    TALKING(1.0),
    /// An agent to which a task was announced is gone before it bids.
    BIDDER_VANISHES(0.4),
    /// An agent bids twice, late, for another round, or for what is not its own to bid on.
    BID_AWRY(0.4),
    /// A person switches an agent off, and on again later.
    SWITCHED(0.4);

    private final double most;

    Fault(double most) {
        this.most = most;
    }

    /// The greatest rate at which a seed may draw it.
    double most() {
        return most;
    }

    /// As commands and reports say it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The fault of this word, or empty.
    public static Optional<Fault> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }
}

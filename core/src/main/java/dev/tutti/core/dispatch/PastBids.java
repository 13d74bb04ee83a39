package dev.tutti.core.dispatch;

/// What the earlier bids of an agent for a skill were worth, over all tasks that it won and that
/// were decided.
///
/// @param decided how many were
/// @param claimed the sum of the confidences that it bid
/// @param accepted how many of its results were accepted
/// @param timed how many of its results came
/// @param slowness the sum of the times that they took, each in parts of the time that it bid
public record PastBids(int decided, double claimed, double accepted, int timed, double slowness) {
    /// Of one who never won.
    public static final PastBids NONE = new PastBids(0, 0, 0, 0, 0);

    /// One more was decided.
    ///
    /// @param confidence that was bid
    public PastBids decided(double confidence, boolean accepted) {
        return new PastBids(
                decided + 1,
                claimed + confidence,
                this.accepted + (accepted ? 1 : 0),
                timed,
                slowness);
    }

    /// One more result came.
    ///
    /// @param ratio the time that it took, in parts of the time that was bid
    public PastBids took(double ratio) {
        return new PastBids(decided, claimed, accepted, timed + 1, slowness + ratio);
    }
}

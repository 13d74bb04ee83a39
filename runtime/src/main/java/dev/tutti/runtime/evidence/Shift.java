package dev.tutti.runtime.evidence;

/// Notices that something does worse than it did: a cumulative sum of how far observations fall
/// short of what was expected (Page, Continuous Inspection Schemes, Biometrika 1954).
///
/// That something does better is not looked for: it would have to be tried to be seen, and is tried
/// when another does worse.
final class Shift {
    /// Half the shift, in standard deviations, that is to be noticed.
    private static final double SLACK = 0.5;

    /// A shift of one standard deviation adds up to this in about 25 observations.
    private static final double ALARM = 12;

    private double sum;

    /// One more observation.
    ///
    /// @param off by how many standard deviations it is off
    /// @return whether it has fallen short for too long; it begins anew then
    boolean notices(double off) {
        sum = Math.max(0, sum - off - SLACK);
        if (sum < ALARM) {
            return false;
        }
        sum = 0;
        return true;
    }
}

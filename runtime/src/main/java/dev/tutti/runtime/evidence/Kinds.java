package dev.tutti.runtime.evidence;

import java.util.ArrayList;
import java.util.List;

/// The kinds of tasks that were seen, told apart by what they are about, and found while they come:
/// k-means on the sphere, one task at a time (Zhong, Efficient Online Spherical K-means Clustering,
/// IJCNN 2005). A task that is like nothing before founds a kind, until there are enough.
///
/// What all tasks have in common, their mean, is taken off first: it is most of what two texts
/// share, and says nothing of how they differ.
final class Kinds {
    /// Kinds at most.
    static final int MOST = 16;

    /// A task that belongs to none.
    static final double[] NONE = new double[MOST];

    /// With a cosine below this a task is like nothing before: as they come, and once what they
    /// have in common is taken off.
    private static final double ALIKE_AS_THEY_COME = 0.2;

    private static final double ALIKE = 0.1;

    /// How much a task moves its kind, at least.
    private static final double LEAST_STEP = 0.01;

    /// How sharply a task belongs to the nearest kind.
    private static final double SHARPNESS = 0.1;

    /// After so many tasks half of their mean is taken off.
    private static final double SOME = 8;

    private final List<Content> centres = new ArrayList<>();
    private final int[] members = new int[MOST];
    private int shifts;
    private Content mean = Content.UNKNOWN;
    private double come;

    /// How much a task belongs to each kind, as a vector of length 1.
    double[] of(Content content) {
        if (!content.known() || centres.isEmpty()) {
            return NONE;
        }
        var own = content.without(mean, share());
        var belongs = new double[MOST];
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < centres.size(); i++) {
            belongs[i] = centres.get(i).likeness(own);
            greatest = Math.max(greatest, belongs[i]);
        }
        double square = 0;
        for (int i = 0; i < centres.size(); i++) {
            belongs[i] = Math.exp((belongs[i] - greatest) / SHARPNESS);
            square += belongs[i] * belongs[i];
        }
        double length = Math.sqrt(square);
        for (int i = 0; i < centres.size(); i++) {
            belongs[i] /= length;
        }
        return belongs;
    }

    /// How often what was known of those who do them came to hold no more.
    int shifts() {
        return shifts;
    }

    void shifted() {
        shifts++;
    }

    /// How much of what is common to all tasks is taken off: little while few have come.
    private double share() {
        return come / (come + SOME);
    }

    private double alike() {
        return ALIKE_AS_THEY_COME + share() * (ALIKE - ALIKE_AS_THEY_COME);
    }

    /// A task has come.
    void learn(Content whole) {
        if (!whole.known()) {
            return;
        }
        come++;
        mean = mean.known() ? mean.moved(whole, 1 / come) : whole;
        var content = whole.without(mean, share());
        int nearest = -1;
        double likeness = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < centres.size(); i++) {
            double to = centres.get(i).likeness(content);
            if (to > likeness) {
                likeness = to;
                nearest = i;
            }
        }
        if (nearest < 0 || (likeness < alike() && centres.size() < MOST)) {
            members[centres.size()] = 1;
            centres.add(content);
            return;
        }
        members[nearest]++;
        double step = Math.max(LEAST_STEP, 1.0 / members[nearest]);
        centres.set(nearest, centres.get(nearest).towards(content, step));
    }
}

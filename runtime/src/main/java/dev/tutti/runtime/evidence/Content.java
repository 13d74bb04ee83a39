package dev.tutti.runtime.evidence;

/// What a task is about, as a vector of length 1: tasks that are about the same point the same way.
public final class Content {
    /// Where it is not known what a task is about.
    public static final Content UNKNOWN = new Content(new float[0]);

    private final float[] vector;

    private Content(float[] vector) {
        this.vector = vector;
    }

    /// The content that a vector stands for, whatever its length.
    public static Content of(float[] vector) {
        double square = 0;
        for (float number : vector) {
            square += number * number;
        }
        if (!(square > 0) || !Double.isFinite(square)) {
            return UNKNOWN;
        }
        var unit = vector.clone();
        for (int i = 0; i < unit.length; i++) {
            unit[i] /= (float) Math.sqrt(square);
        }
        return new Content(unit);
    }

    public boolean known() {
        return vector.length > 0;
    }

    /// How alike two are: the cosine of the angle between them, 0 where one is not known.
    public double likeness(Content other) {
        double product = 0;
        int length = Math.min(vector.length, other.vector.length);
        for (int i = 0; i < length; i++) {
            product += vector[i] * other.vector[i];
        }
        return product;
    }

    /// Moved towards another by a share of the way, of whatever length it is then.
    Content moved(Content other, double step) {
        var moved = vector.clone();
        int length = Math.min(vector.length, other.vector.length);
        for (int i = 0; i < length; i++) {
            moved[i] += (float) (step * (other.vector[i] - moved[i]));
        }
        return new Content(moved);
    }

    /// What is left of it without a part that others have in common.
    Content without(Content common, double share) {
        var left = vector.clone();
        int length = Math.min(vector.length, common.vector.length);
        for (int i = 0; i < length; i++) {
            left[i] -= (float) (share * common.vector[i]);
        }
        return of(left);
    }

    /// Moved towards another by a share of the way.
    Content towards(Content other, double step) {
        return of(moved(other, step).vector);
    }
}

package canary;

import org.jspecify.annotations.Nullable;

/// Holds what Error Prone and NullAway are there to find.
record Careless(@Nullable String name) {

    void forgetsToThrow() {
        new IllegalStateException("lost");
    }

    int trustsNull() {
        return name.length();
    }
}

package dev.tutti.simulation;

import java.util.HashSet;
import java.util.Set;

/// I2, from outside: what a request caused follows in one piece, so that a request which comes
/// twice has been carried out once.
final class RequestsCheck extends Check {
    private final Set<String> handled = new HashSet<>();
    private String latest = "";

    @Override
    void see(Step step) {
        var cause = step.entry().event().cause();
        if (!cause.isEmpty() && !cause.equals(latest) && !handled.add(cause)) {
            report("I2", step, "request " + cause + " is carried out a second time");
        }
        latest = cause;
    }
}

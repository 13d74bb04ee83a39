package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;

/// I16: every artifact that an event names is there, and is what its hash says.
final class ArtifactsCheck extends Check {
    private final ArtifactStore artifacts;

    ArtifactsCheck(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    void see(Step step) {
        if (!(step.event() instanceof Event.ArtifactStored e)) {
            return;
        }
        try {
            var content = artifacts.get(e.hash());
            if (content.isEmpty()) {
                report("I16", step, "the artifact " + e.hash() + " is missing");
            } else if (content.get().length != e.size()) {
                report(
                        "I16",
                        step,
                        "the artifact "
                                + e.hash()
                                + " has "
                                + content.get().length
                                + " bytes, not "
                                + e.size());
            }
        } catch (ArtifactException damaged) {
            report("I16", step, String.valueOf(damaged.getMessage()));
        }
    }
}

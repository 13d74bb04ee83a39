package dev.tutti.runtime.artifact;

class MemoryArtifactsTest extends ArtifactContract {
    @Override
    ArtifactStore open() {
        return new MemoryArtifacts();
    }
}

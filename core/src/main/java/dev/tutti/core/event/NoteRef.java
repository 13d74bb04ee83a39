package dev.tutti.core.event;

/// One version of a note.
///
/// @param version from 1
public record NoteRef(String key, int version) {

    /// As people read it: `facts@3`.
    @Override
    public String toString() {
        return key + "@" + version;
    }
}

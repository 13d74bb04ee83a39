package dev.tutti.runtime.journal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// An event as it is appended.
///
/// @param type what it is, a stable word
/// @param version of the payload's form
/// @param at when it was decided, to the microsecond
/// @param actor who caused it: `engine`, `agent/reader`, a person
/// @param cause the message or event that led to it, or empty
/// @param keyId names the key that the payload is encrypted with, or null for none
/// @param payload its content, as stored
public record NewEntry(
        String type,
        int version,
        Instant at,
        String actor,
        String cause,
        @Nullable String keyId,
        byte[] payload) {
    public NewEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }
}

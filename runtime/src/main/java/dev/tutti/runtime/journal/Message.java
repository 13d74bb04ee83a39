package dev.tutti.runtime.journal;

import java.time.Instant;

/// Something told to a stream from outside it: by another stream in the commit that caused it (the
/// outbox), or by another process (the inbox). It stays until the commit of the one that handled
/// it.
///
/// @param id unique; a message posted twice under one id is there once
/// @param to who it is for
/// @param kind what it is, a stable word
/// @param actor who sent it
/// @param payload its content
public record Message(
        String id, StreamId to, String kind, String actor, Instant at, byte[] payload) {}

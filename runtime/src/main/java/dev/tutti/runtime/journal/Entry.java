package dev.tutti.runtime.journal;

/// An event in the journal.
///
/// @param position its place in the whole journal, rising in the order of commits, with gaps
/// @param sequence its place in its stream, from 1 without gaps
/// @param epoch the owner that appended it
/// @param event what was appended
/// @param hash over the entry before it in the stream and all of this one, as stored
public record Entry(
        long position, StreamId stream, long sequence, long epoch, NewEntry event, byte[] hash) {}

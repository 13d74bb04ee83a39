package dev.tutti.runtime.journal;

/// What a run was started with, kept once under its hash for as long as the store lives.
///
/// @param hash SHA-256 of `body` in hexadecimal
public record Definition(String hash, byte[] body) {}

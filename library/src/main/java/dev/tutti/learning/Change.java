package dev.tutti.learning;

import dev.tutti.teamfile.Edit;

/// One change of a workflow that is proposed.
///
/// @param what is changed, one sentence
/// @param evidence why that is as good, one sentence with its figures
/// @param edit of the team file
public record Change(String what, String evidence, Edit edit) {}

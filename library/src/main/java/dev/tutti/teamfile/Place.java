package dev.tutti.teamfile;

/// Where something stands in a team file.
///
/// @param line from 1
/// @param column from 1, in code points; a tab is one
/// @param length in code points, within the line, at least 1
/// @param source the line itself, without its end
public record Place(int line, int column, int length, String source) {}

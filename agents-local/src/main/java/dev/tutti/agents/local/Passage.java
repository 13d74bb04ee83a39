package dev.tutti.agents.local;

/// A piece of a document that can be read by itself.
///
/// @param heading the heading it stands under, or empty
/// @param text its paragraphs, a line each
/// @param prose the share of its words that are in sentences rather than in lists, menus or code
/// @param place where it is, in words for people: `lines 12-18`, `page 3`
record Passage(String heading, String text, double prose, String place) {}

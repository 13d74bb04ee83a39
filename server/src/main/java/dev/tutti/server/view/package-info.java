/// Runs as the dashboard shows them, folded here so that a page need not: what is drawn of a run of
/// thousands of tasks is a few rows with counts. Kept for runs that are looked at, and continued
/// from the journal; everything can be thrown away and made again.
@NullMarked
package dev.tutti.server.view;

import org.jspecify.annotations.NullMarked;

/// One run as one HTML page that needs nothing else: to be kept, mailed, printed.
///
/// Everything that came from agents is escaped; the page loads nothing and runs nothing.
@NullMarked
package dev.tutti.cli.export;

import org.jspecify.annotations.NullMarked;

/// One run as one HTML file that needs nothing else: to be kept, mailed, printed.
///
/// Everything that came from agents is escaped in the markup and data to the script; the file loads
/// nothing and sends nothing.
@NullMarked
package dev.tutti.server.report;

import org.jspecify.annotations.NullMarked;

/// The dashboard in a real browser, as people use it: Debian's Chromium, headless. Skipped aloud
/// where there is no Node, no Chromium, or no page in the build.
@NullMarked
package dev.tutti.server.dashboard;

import org.jspecify.annotations.NullMarked;

/// The routes of people and programs: what they may look at, and what they may do. Whatever changes
/// a run is the same request that the command line leaves, journaled in the same way.
@NullMarked
package dev.tutti.server.api;

import org.jspecify.annotations.NullMarked;

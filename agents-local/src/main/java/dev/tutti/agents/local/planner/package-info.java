/// A planner for requests in plain words, which has no model: it goes by plans that have served for
/// requests like this one, and by the descriptions of what a team can do.
///
/// Whatever it proposes is made of skills that the team has; past plans are kept in a file that
/// people can read.
@NullMarked
package dev.tutti.agents.local.planner;

import org.jspecify.annotations.NullMarked;

/// The port to those that do the work: what an executor is given, and what it reports.
///
/// Implementations live in modules of their own and are found by the name that the team file says
/// they use.
@NullMarked
package dev.tutti.runtime.agent;

import org.jspecify.annotations.NullMarked;

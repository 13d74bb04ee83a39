/// The port to tools: what agents may call while they work, whoever offers it.
///
/// Implementations live in modules of their own and are found by the name that the team file says
/// they use. Whether a call is allowed is not theirs to decide.
@NullMarked
package dev.tutti.runtime.tool;

import org.jspecify.annotations.NullMarked;

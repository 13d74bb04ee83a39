/// Agents that are performed elsewhere (`uses: worker`): attempts wait here until a worker that can
/// do them comes and asks. Knows nothing of HTTP.
@NullMarked
package dev.tutti.server.workers;

import org.jspecify.annotations.NullMarked;

/// The server, over real connections.
@NullMarked
package dev.tutti.server;

import org.jspecify.annotations.NullMarked;

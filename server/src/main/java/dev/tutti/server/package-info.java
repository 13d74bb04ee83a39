/// What a store is served by over HTTP (`tutti serve`): so far to workers that pull.
///
/// Nothing is served to anybody who does not show a token, except that the server is there.
@NullMarked
package dev.tutti.server;

import org.jspecify.annotations.NullMarked;

/// A store that is behind a server: its journal read, and its runs asked, over HTTP. What stands on
/// a reader of the journal works on such a store as on a folder.
@NullMarked
package dev.tutti.remote;

import org.jspecify.annotations.NullMarked;

/// Tests of what is refused as JSON.
@NullMarked
package dev.tutti.runtime.json;

import org.jspecify.annotations.NullMarked;

/// Values as JSON text and back, strictly: what is not plain JSON is refused with its place.
@NullMarked
package dev.tutti.runtime.json;

import org.jspecify.annotations.NullMarked;

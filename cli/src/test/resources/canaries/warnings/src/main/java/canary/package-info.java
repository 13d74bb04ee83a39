/// Code that the build must judge.
@NullMarked
package canary;

import org.jspecify.annotations.NullMarked;

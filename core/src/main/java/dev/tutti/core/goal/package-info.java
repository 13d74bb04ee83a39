/// What is asked, and what a team offers to answer it with.
@NullMarked
package dev.tutti.core.goal;

import org.jspecify.annotations.NullMarked;

/// Tests of the team file.
@NullMarked
package dev.tutti.teamfile;

import org.jspecify.annotations.NullMarked;

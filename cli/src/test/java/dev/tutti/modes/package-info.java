/// One application in every mode of orchestration.
@NullMarked
package dev.tutti.modes;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.tutti.testkit;

import org.jspecify.annotations.NullMarked;

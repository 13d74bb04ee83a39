/// Tests of who wins what.
@NullMarked
package dev.tutti.core.dispatch;

import org.jspecify.annotations.NullMarked;

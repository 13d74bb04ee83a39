/// That what is measured is what happens.
@NullMarked
package dev.tutti.cli.bench;

import org.jspecify.annotations.NullMarked;

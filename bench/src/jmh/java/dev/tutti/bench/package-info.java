/// Times of single decisions, measured by JMH. Not part of the build: `scripts/measure-dispatch`
/// compiles it and runs it.
@NullMarked
package dev.tutti.bench;

import org.jspecify.annotations.NullMarked;

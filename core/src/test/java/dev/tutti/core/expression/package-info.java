/// Tests of templates and expressions.
@NullMarked
package dev.tutti.core.expression;

import org.jspecify.annotations.NullMarked;

/// Templates and the expressions in them: `${search.passages}`, `${size(read) > 3}`.
///
/// The only package that sees CEL. Expressions stand in configuration; data that they fetch is
/// never read as a template again. Evaluation has no clock, no host access, and a limit on
/// everything.
@NullMarked
package dev.tutti.core.expression;

import org.jspecify.annotations.NullMarked;

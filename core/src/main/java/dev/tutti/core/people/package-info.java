/// What people are asked: who, in which order, until when, and what their answers come to.
///
/// A question is a fact of the run like any other; nothing here waits.
@NullMarked
package dev.tutti.core.people;

import org.jspecify.annotations.NullMarked;

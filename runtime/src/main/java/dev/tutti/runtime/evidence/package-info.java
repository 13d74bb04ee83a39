/// What is known of agents from what they did: how often their results were accepted, for how much
/// money, and how soon; by skill, and by what a task is about.
///
/// Learned from events and nothing else, so that it can be learned again from the journal. Chooses
/// nobody: it only says how good each would be, and how sure that is.
@NullMarked
package dev.tutti.runtime.evidence;

import org.jspecify.annotations.NullMarked;

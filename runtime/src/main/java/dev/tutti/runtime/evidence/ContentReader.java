package dev.tutti.runtime.evidence;

import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Terms;

/// Says what a task is about. The same for the same input, whenever it is asked: what was learned
/// is learned again from the journal, which keeps inputs and no vectors. Called by the thread that
/// decides, so what takes long is remembered.
@FunctionalInterface
public interface ContentReader {

    /// By the words, whatever is asked for.
    ContentReader WORDS = (input, _) -> HashedWords.of(input);

    /// What a task with this input is about.
    ///
    /// @param input of the task
    /// @param how tasks are told apart; never by nothing
    Content read(Value.Struct input, Terms.Content how);

    /// How near two answers are in meaning, the cosine of their embeddings; 0 where nothing on this
    /// machine can tell.
    default double nearness(Value one, Value other) {
        return 0;
    }
}

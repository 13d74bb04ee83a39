package dev.tutti.core.event;

/// A task within its run: a task of the plan by its name, or one item of its fan-out, `read[3]`.
///
/// @param name the name in the plan
/// @param item the index within the fan-out, from 0; [#WHOLE] for the task itself
public record TaskId(String name, int item) {
    public static final int WHOLE = -1;

    public TaskId {
        Names.require(name, "task");
        if (item < WHOLE) {
            throw new IllegalArgumentException("item " + item + " of task " + name);
        }
    }

    public static TaskId of(String name) {
        return new TaskId(name, WHOLE);
    }

    /// Reads what [#toString] writes.
    ///
    /// @throws IllegalArgumentException when `text` is neither `name` nor `name[item]`
    public static TaskId parse(String text) {
        int bracket = text.indexOf('[');
        if (bracket < 0) {
            return of(text);
        }
        if (!text.endsWith("]")) {
            throw new IllegalArgumentException("not a task: " + text);
        }
        return new TaskId(
                text.substring(0, bracket),
                Integer.parseInt(text, bracket + 1, text.length() - 1, 10));
    }

    @Override
    public String toString() {
        return item == WHOLE ? name : name + "[" + item + "]";
    }
}

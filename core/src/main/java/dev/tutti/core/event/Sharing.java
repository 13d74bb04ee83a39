package dev.tutti.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a task shares with the others of its run beside its output, as declared.
///
/// Keys are whole: `facts` where the workflow shares a note, `read.facts` for a note of task
/// `read`. Who may write and read which was settled when the plan was read, so that a plan says by
/// itself what it shares.
///
/// @param writes what it writes, each key once
/// @param reads the notes that its agent is given: keys, `task.*` or `*.*`
/// @param outside whether what it writes comes from outside, whoever wrote it
/// @param tokens the most that its agent is given, with all notes; 0 for all there is
public record Sharing(List<Write> writes, List<String> reads, boolean outside, int tokens) {
    public static final Sharing NOTHING = new Sharing(List.of(), List.of(), false);

    /// Of a task whose agent is given all there is.
    public Sharing(List<Write> writes, List<String> reads, boolean outside) {
        this(writes, reads, outside, 0);
    }

    public Sharing {
        writes = List.copyOf(writes);
        reads = List.copyOf(reads);
    }

    /// A note that the task writes.
    ///
    /// @param key the whole key
    /// @param value made of the accepted `output`; null where the agent writes it while it works
    /// @param by how it becomes one with what is there
    /// @param expect what must be there for the write to be made, or null for anything: `absent`,
    ///   `read` for the version that the task has read, or an expression that gives a version
    public record Write(String key, @Nullable Value value, Reducer by, @Nullable String expect) {
        /// Nothing is there yet.
        public static final String ABSENT = "absent";

        /// What is there is what the task has read.
        public static final String READ = "read";

        /// Replaces what is there.
        public Write(String key, Value value) {
            this(key, value, Reducer.LAST, null);
        }

        public Write(String key, @Nullable Value value, Reducer by) {
            this(key, value, by, null);
        }
    }

    /// A note that the workflow shares between tasks.
    ///
    /// @param writers the tasks that may write it; empty for all
    /// @param readers the tasks that may read it; empty for all
    public record Rule(String key, Reducer by, List<String> writers, List<String> readers) {
        public Rule {
            writers = List.copyOf(writers);
            readers = List.copyOf(readers);
        }
    }

    /// How a new value and the one that is there become one.
    public sealed interface Reducer {
        Last LAST = new Last();
        Append APPEND = new Append();
        Max MAX = new Max();
        Merge MERGE = new Merge();

        /// As team files and journals say it.
        String word();

        /// The new one takes the place of the other.
        record Last() implements Reducer {
            @Override
            public String word() {
                return "last";
            }
        }

        /// A list of what each writer wrote, in the order of the plan and of the items whatever the
        /// order in which they were done. A task that is done anew replaces what it had appended.
        record Append() implements Reducer {
            @Override
            public String word() {
                return "append";
            }
        }

        /// The greater of two numbers or texts.
        record Max() implements Reducer {
            @Override
            public String word() {
                return "max";
            }
        }

        /// The fields of the new one are laid over those of the other, objects within as well.
        record Merge() implements Reducer {
            @Override
            public String word() {
                return "merge";
            }
        }

        /// What an expression over `current`, null at first, and `new` gives.
        record Computed(String expression) implements Reducer {
            @Override
            public String word() {
                return "computed";
            }
        }
    }

    public boolean isNothing() {
        return equals(NOTHING);
    }

    /// What the task writes under a key, or null.
    public @Nullable Write write(String key) {
        return writes.stream().filter(write -> write.key().equals(key)).findFirst().orElse(null);
    }

    /// Whether the agent of the task is given the note.
    public boolean reads(String key) {
        return reads.stream().anyMatch(pattern -> matches(pattern, key));
    }

    /// Whether a pattern (`facts`, `read.*`, `*.*`) stands for a key.
    public static boolean matches(String pattern, String key) {
        if (!pattern.endsWith(".*")) {
            return pattern.equals(key);
        }
        int dot = key.indexOf('.');
        return dot > 0
                && (pattern.equals("*.*")
                        || pattern.substring(0, pattern.length() - 2)
                                .equals(key.substring(0, dot)));
    }
}

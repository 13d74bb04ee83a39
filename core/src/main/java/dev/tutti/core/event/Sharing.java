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
/// @param giving how much its agent is given
public record Sharing(List<Write> writes, List<String> reads, boolean outside, Giving giving) {
    public static final Sharing NOTHING = new Sharing(List.of(), List.of(), false);

    /// Of a task whose agent is given all there is.
    public Sharing(List<Write> writes, List<String> reads, boolean outside) {
        this(writes, reads, outside, Giving.ALL);
    }

    /// Of a task whose agent is given so many tokens at most, with all notes; 0 for all there is.
    public Sharing(List<Write> writes, List<String> reads, boolean outside, int tokens) {
        this(writes, reads, outside, new Giving(tokens, null, false));
    }

    public Sharing {
        writes = List.copyOf(writes);
        reads = List.copyOf(reads);
    }

    /// The most tokens that its agent is given; 0 for all there is.
    public int tokens() {
        return giving.tokens();
    }

    /// How much the agent of a task is given.
    ///
    /// @param tokens the most that it is given, with all notes and memories; 0 for all there is
    /// @param recall what is remembered of earlier runs and given as well, or null for nothing
    /// @param condensed whether an agent that is a model makes the notes shorter that do not fit
    public record Giving(int tokens, @Nullable Recall recall, boolean condensed) {
        public static final Giving ALL = new Giving(0, null, false);

        /// The tokens for what the task declares, and for notes as they are: where something is to
        /// be recalled or made shorter, that has a quarter at least.
        public int first() {
            return recall == null && !condensed ? tokens : tokens - tokens / 4;
        }
    }

    /// What is recalled.
    ///
    /// @param most how many memories
    /// @param query the field of the input that is looked for, or null for all of it
    /// @param about the field of the input that says whom or what they must be about, or null
    /// @param kinds of memories; empty for all
    public record Recall(
            int most, @Nullable String query, @Nullable String about, List<String> kinds) {
        /// The field of the input under which an agent is given what was recalled.
        public static final String FIELD = "memories";

        public Recall {
            kinds = List.copyOf(kinds);
        }
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

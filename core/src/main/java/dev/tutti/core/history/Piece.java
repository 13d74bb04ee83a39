package dev.tutti.core.history;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.history.Contribution.Means;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that a value may rest on, or that rests on others: each is one however often it is
/// used.
public sealed interface Piece {

    /// The run whose journal tells of it.
    RunId run();

    /// The event that brought it, 0 where it is no event of the run.
    long at();

    /// A name of its own within the run: `task:read[3]@42`.
    String id();

    /// The task that it belongs to, or null.
    default @Nullable TaskId task() {
        return null;
    }

    /// What it used up.
    default Usage usage() {
        return Usage.NONE;
    }

    /// What a run gave.
    record Output(RunId run, long at, String goal, Status status) implements Piece {
        @Override
        public String id() {
            return "output";
        }
    }

    /// One input of a run.
    record Asked(RunId run, String input) implements Piece {
        @Override
        public long at() {
            return 1;
        }

        @Override
        public String id() {
            return "input:" + input;
        }
    }

    /// The result of a task or of an item, as others saw it.
    ///
    /// @param iteration which of its results, from 0; a task without a loop has one
    /// @param agent who made it, or null
    /// @param token of the attempt that made it, 0 where none did
    record Result(
            RunId run,
            long at,
            TaskId task,
            int iteration,
            Means means,
            @Nullable AgentId agent,
            long token,
            Usage usage)
            implements Piece {
        @Override
        public String id() {
            return "task:" + task + "@" + at;
        }
    }

    /// What the results of a fan-out became.
    ///
    /// @param items how many went in
    /// @param by how they were made one, or null where they are a list
    /// @param confidence of that, from 0 to 1; 1 where they are a list
    /// @param dissent the different answers, where there were several
    record Joined(
            RunId run,
            long at,
            TaskId task,
            int items,
            @Nullable String by,
            double confidence,
            List<Position> dissent)
            implements Piece {
        public Joined {
            dissent = List.copyOf(dissent);
        }

        @Override
        public String id() {
            return "list:" + task + "@" + at;
        }
    }

    /// An attempt that had a part in a result and whose result it is not.
    ///
    /// @param at the event that says what it came to; while it is at work, its token
    record Turn(
            RunId run,
            long at,
            TaskId task,
            Part part,
            @Nullable AgentId agent,
            long token,
            Usage usage)
            implements Piece {
        @Override
        public String id() {
            return part.word() + ":" + task + "@" + at;
        }
    }

    /// What an attempt had to do with a result.
    enum Part {
        /// It is under way, or wrote a note while it was.
        AT_WORK,
        /// It looked at the result and let it pass.
        PASSED,
        /// It looked at the result before and did not let it pass.
        REFUSED,
        /// It handed the task on to another.
        HANDED_ON;

        /// As programs read it.
        public String word() {
            return switch (this) {
                case AT_WORK -> "at_work";
                case PASSED -> "passed";
                case REFUSED -> "refused";
                case HANDED_ON -> "handed_on";
            };
        }
    }

    /// One version of a note.
    record Noted(RunId run, long at, NoteRef note, TaskId task) implements Piece {
        @Override
        public String id() {
            return "note:" + note;
        }
    }

    /// A message that came to the run.
    record Message(RunId run, long at, String message, String type) implements Piece {
        @Override
        public String id() {
            return "message:" + message;
        }
    }

    /// What people decided.
    ///
    /// @param by who, in the order of their answers
    record Answer(RunId run, long at, long question, Question.Purpose purpose, List<String> by)
            implements Piece {
        public Answer {
            by = List.copyOf(by);
        }

        @Override
        public String id() {
            return "answer:" + question;
        }
    }

    /// A person gave a task another input, or its output.
    record Edited(RunId run, long at, TaskId task) implements Piece {
        @Override
        public String id() {
            return "edit:" + task + "@" + at;
        }
    }

    /// A call of a model or a tool.
    ///
    /// @param since the token of the first of the attempts that take their steps together
    /// @param number among their steps, from 1
    record Call(
            RunId run, TaskId task, long since, int number, String kind, String name, Usage usage)
            implements Piece {
        @Override
        public long at() {
            return 0;
        }

        @Override
        public String id() {
            return "call:" + since + "/" + number;
        }
    }

    /// What an agent stored, one for each content.
    record Artifact(RunId run, long at, String hash, long size, String mediaType, String name)
            implements Piece {
        @Override
        public String id() {
            return "artifact:" + hash;
        }
    }
}

package dev.tutti.runtime.topic;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Fields;
import org.jspecify.annotations.Nullable;

/// Someone who wants messages of a topic.
public sealed interface Subscription {

    /// Unique, and the same for ever.
    String id();

    String topic();

    /// The type of the messages.
    String type();

    /// What they must be published with, or null for anything.
    @Nullable String key();

    /// A condition on the `message`, or null for any.
    @Nullable String where();

    /// A task of a run waits for one message.
    ///
    /// @param token of the attempt that is over with it
    record Await(
            RunId run,
            TaskId task,
            long token,
            String topic,
            String type,
            @Nullable String key,
            @Nullable String where)
            implements Subscription {
        @Override
        public String id() {
            return id(run, token);
        }

        /// Its fields, as messages and the journal have them.
        public Value.Struct value() {
            var out = new Fields().put("run", run.value()).put("task", task.toString());
            out.put("token", token).put("topic", topic).put("type", type);
            if (key != null) {
                out.put("key", key);
            }
            if (where != null) {
                out.put("where", where);
            }
            return out.struct();
        }

        /// Reads what [#value] gave.
        ///
        /// @throws IllegalArgumentException when it is something else
        public static Await of(Value value) {
            var in = Fields.of(value);
            return new Await(
                    new RunId(in.text("run")),
                    TaskId.parse(in.text("task")),
                    in.number("token"),
                    in.text("topic"),
                    in.text("type"),
                    in.findText("key"),
                    in.findText("where"));
        }

        static String id(RunId run, long token) {
            return "run/" + run + "/" + token;
        }
    }

    /// A trigger begins a run for each.
    ///
    /// @param id the name that the team is deployed under, the workflow, and the trigger's place
    /// @param team hash of the team's definition
    record Begins(
            String id,
            String workflow,
            String team,
            Trigger trigger,
            String topic,
            String type,
            @Nullable String key,
            @Nullable String where)
            implements Subscription {}
}

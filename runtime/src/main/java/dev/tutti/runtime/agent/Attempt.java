package dev.tutti.runtime.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.ArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One dispatch of one task to one agent: what the executor is given.
public interface Attempt {

    RunId run();

    TaskId task();

    AgentId agent();

    /// The number of this attempt at the task, from 1.
    int number();

    /// Names this attempt within its run.
    long token();

    /// The header `traceparent` (W3C Trace Context) for what this attempt calls, so that it appears
    /// below the attempt where traces are collected. The same after a restart, and there whether or
    /// not anything is exported.
    default String traceparent() {
        return TraceContext.traceparent(run(), token());
    }

    /// The skill that is asked for; empty where the task names its agent.
    default Optional<SkillId> skill() {
        return Optional.empty();
    }

    /// What the task is given.
    Value.Struct input();

    /// What the team file says `with` for this agent, expressions evaluated for this attempt.
    Value.Struct settings();

    /// What the result must be: what the skill promises, or anything.
    default Type promised() {
        return Type.Any.ANY;
    }

    /// Why the result of an earlier attempt did not pass the gate, for this one to do better.
    default Optional<String> feedback() {
        return Optional.empty();
    }

    /// Who changed the input before this attempt, and what it was and is now: what was asked for
    /// before is not to be done.
    default Optional<String> edit() {
        return Optional.empty();
    }

    /// How many tokens the steps towards this result may still take; empty where nothing limits
    /// them. So that a call which cannot fit is not made, and paid for, in vain.
    default OptionalLong tokensLeft() {
        return OptionalLong.empty();
    }

    /// What is on record of the agents of the team, for who plans: as it is now, and not the same
    /// when asked again after a crash. Empty for other attempts, and of agents that have not
    /// worked.
    default List<Shown> shown() {
        return List.of();
    }

    /// How an agent has done with a skill.
    ///
    /// @param verdicts how many results were judged
    /// @param success the share of them that is expected to be accepted
    /// @param usd what an attempt is expected to cost
    /// @param seconds what it is expected to take
    record Shown(
            AgentId agent,
            SkillId skill,
            long verdicts,
            double success,
            double usd,
            double seconds) {}

    /// Tells watchers how far it is. Never journaled, and safe to call often; a sign of life.
    ///
    /// @param fraction from 0 to 1
    void progress(double fraction, String message);

    /// A sign of life: where silence is limited (`idle`), the limit counts from here again.
    default void heartbeat() {}

    /// Takes a step that costs something or gives another answer each time: a call of a model, or
    /// of a tool. What it gave is on disk when this returns.
    ///
    /// An attempt that follows one that got no result (the process ended, the outside failed) goes
    /// on from the last step on record: it asks for the same steps in the same order, and for those
    /// that are there `work` is not called. Where it asks for another step than the one on record,
    /// the rest of the record is of no use and `work` is called from there on. So what an executor
    /// asks for must follow from its input, its settings, its feedback and the steps before.
    ///
    /// The usage of steps is accounted for by the attempt that took them, once; an executor does
    /// not report it again in its outcome.
    ///
    /// @throws InterruptedException when the run no longer wants this attempt
    default Taken step(Step step, Work work) throws Exception {
        return work.take();
    }

    /// Takes a step that stays within the run: a note, a task begun. It is kept like any other, but
    /// waits for no turn, because it calls nobody; and where steps are given from a recording it is
    /// taken all the same, so that the run knows of it, and then gives what was recorded.
    default Taken stepWithin(Step step, Work work) throws Exception {
        return step(step, work);
    }

    /// Waits until one more request may leave, where the agent shares quotas with others. Asked
    /// before each request of an executor's own, and before one that is made again within a step;
    /// the first request of a step has been let through when its `work` is called. Gives signs of
    /// life while it waits, and holds nothing more than the attempt did before.
    ///
    /// @throws InterruptedException when the run no longer wants this attempt
    default void awaitTurn() throws InterruptedException {}

    /// Tells that from here on the attempt takes something that may have to be paid for, such as a
    /// call of a model; asked before it is begun. Until its next step is on record, or it says that
    /// it is [#accounted] for, nobody knows how much: ended before that, by itself or by the run,
    /// it is charged all that was set aside for it. Steps of the kind `model` say so themselves.
    ///
    /// @throws InterruptedException when the run no longer wants this attempt
    default void spending() throws InterruptedException {}

    /// Tells that what was begun took nothing, or nothing that the outcome does not say.
    default void accounted() {}

    /// Tells that whoever was called wants to be left alone for a while: all attempts that share
    /// the quotas of this agent hold their requests back until then.
    default void leaveAlone(Duration wait) {}

    /// Notes that the budget of the task has no room for as they are, which its agent is to make
    /// shorter if it is a model.
    ///
    /// @param keys those that it is given a part of, or nothing
    /// @param tokens the most that may be given in their place
    record Excess(List<String> keys, int tokens) {
        public static final Excess NONE = new Excess(List.of(), 0);

        public Excess {
            keys = List.copyOf(keys);
        }
    }

    /// The notes to be made shorter; [Excess#NONE] where all fit, or the task does not ask for it.
    default Excess excess() {
        return Excess.NONE;
    }

    /// One step: what is asked of whom.
    ///
    /// @param kind `model` or `tool`
    /// @param name of the model or the tool
    /// @param request what is new in what it is asked; what was said in the steps before is known
    record Step(String kind, String name, Value request) {}

    /// What a step gave.
    record Taken(Value result, Usage usage) {
        public static Taken free(Value result) {
            return new Taken(result, Usage.NONE);
        }

        /// Of one who does not say what it used up.
        public static Taken unsaid(Value result) {
            return new Taken(result, Usage.UNKNOWN);
        }
    }

    /// Takes a step.
    @FunctionalInterface
    interface Work {
        Taken take() throws Exception;
    }

    /// Asks a person, and returns what they decided. While they think, the attempt ends without
    /// taking anyone's place, by the exception: let it pass. When they have decided, an attempt
    /// begins that comes to the same place by the steps on record, and there this returns.
    ///
    /// @throws Suspended when there is no answer yet
    default Value ask(Ask ask) throws InterruptedException {
        throw new Suspended(ask.text());
    }

    /// What is asked.
    ///
    /// @param name tells what an attempt asks apart; the same name is the same question
    /// @param text one or more sentences
    /// @param choices what may be answered; empty for free text
    /// @param subject what is decided upon
    record Ask(String name, String text, List<String> choices, Value subject) {}

    /// The attempt cannot go on before a person has decided.
    final class Suspended extends InterruptedException {
        private static final long serialVersionUID = 1L;

        public Suspended(String message) {
            super(message);
        }
    }

    /// The notes that the task is given, as they were when the attempt began.
    default List<Noted> notes() {
        return List.of();
    }

    /// The notes that this attempt may look at while it works, beside those that it writes: keys,
    /// `task.*` or `*.*`.
    default List<String> readable() {
        return List.of();
    }

    /// The keys of notes that this attempt may write while it works.
    default List<String> writable() {
        return List.of();
    }

    /// A note.
    ///
    /// @param version 0 where there is none
    record Noted(String key, int version, Value value) {}

    /// Looks at a note as it is now. That this attempt has seen it is on record when this returns.
    ///
    /// @throws IllegalArgumentException when the task may not read it
    default Noted readNote(String key) throws InterruptedException {
        throw new IllegalArgumentException("task `" + task() + "` may not read note `" + key + "`");
    }

    /// Writes a note while it works; on disk when this returns. Unlike what is made of the result,
    /// it stays if the attempt gets no result.
    ///
    /// @param name tells the writes of a task apart: a write that an earlier attempt has made is
    ///   not made again
    /// @param expect the version that must be there, 0 for none; null for whatever is
    /// @throws IllegalArgumentException when the task may not write it, or it cannot be kept
    default Write writeNote(String name, String key, Value value, @Nullable Integer expect)
            throws InterruptedException {
        throw new IllegalArgumentException(
                "task `" + task() + "` may not write note `" + key + "`");
    }

    /// What came of a write.
    ///
    /// @param made whether it was made; where not, another came first
    /// @param now the note as it is now
    record Write(boolean made, Noted now) {}

    /// How the engine's answer to a write is called, among all that an attempt asks.
    static String writing(String name) {
        return "write note " + name;
    }

    /// How the engine's answer to a look at a note is called.
    static String reading(String key) {
        return "read note " + key;
    }

    /// Whom this attempt may have do parts of its task: skills, and agents. Empty where nobody.
    default List<String> delegates() {
        return List.of();
    }

    /// Has the run begin a task, which goes on beside this attempt. It is on disk when this
    /// returns.
    ///
    /// @param name tells what a task asks for apart: what an earlier attempt has asked for under it
    ///   is not begun again
    /// @return the name of the task
    /// @throws IllegalArgumentException when the task may not delegate that, or the input does not
    ///   fit
    default String delegate(String name, Errand errand) throws InterruptedException {
        throw new IllegalArgumentException(
                "task `" + task() + "` may not delegate: it has no `delegate`");
    }

    /// What came of tasks that were begun for this one. Where some are not over, this attempt ends;
    /// another begins that comes to the same place by the steps on record, and there this returns.
    ///
    /// @param tasks as [#delegate] named them
    /// @throws Suspended when some are not over
    default List<Came> outcomes(List<String> tasks) throws InterruptedException {
        throw new Suspended("it waits for " + String.join(", ", tasks));
    }

    /// What another is to do.
    ///
    /// @param to a skill, or an agent
    /// @param reason in words; may be empty
    record Errand(String to, Value.Struct input, String reason) {}

    /// What came of a task.
    ///
    /// @param output null in the sense of values where there is none
    /// @param failure why there is none, or empty
    record Came(String task, Value output, String failure) {}

    /// How the engine's answer to what is delegated is called, among all that an attempt asks.
    static String delegating(String name) {
        return "delegate " + name;
    }

    /// Does something in the outside world, once for the task and not once for each attempt.
    ///
    /// That it is going to be done is on disk before `action` is called, and what it came to before
    /// this returns. When an earlier attempt has done it, `action` is not called and the outcome of
    /// then is returned. When it is not known whether an earlier attempt did it, `action` is called
    /// again with the same key, unless the task says `at_most_once`: then a person is asked first.
    ///
    /// @param name tells the effects of a task apart
    /// @return what `action` gave, now or then
    /// @throws InterruptedException when the run no longer wants this attempt
    Value effect(String name, Effect action) throws Exception;

    /// Something done outside.
    @FunctionalInterface
    interface Effect {
        /// Does it.
        ///
        /// @param key the same in every attempt at the task: for the one outside to tell
        ///   repetitions by
        /// @throws NotDone when it is certain that nothing was done; after any other exception that
        ///   is not known
        Value perform(String key) throws Exception;
    }

    /// It is certain that an effect was not done.
    final class NotDone extends Exception {
        private static final long serialVersionUID = 1L;

        public NotDone(String message) {
            super(message);
        }
    }

    /// Whoever performed the attempt elsewhere is gone, and did not say what came of it. An
    /// executor that throws it has an attempt that crashed: it may be made again, but not too
    /// often.
    final class Lost extends Exception {
        private static final long serialVersionUID = 1L;

        public Lost(String message) {
            super(message);
        }
    }

    /// Keeps content beside the run and returns its SHA-256 in hexadecimal. On disk before this
    /// returns.
    ///
    /// @param name a label for people, never a path
    String store(byte[] content, String mediaType, String name) throws IOException;

    /// Keeps all that a stream gives beside the run, a part at a time, and returns its SHA-256 in
    /// hexadecimal. On disk before this returns; the stream is not closed.
    ///
    /// @param name a label for people, never a path
    default String store(InputStream content, String mediaType, String name) throws IOException {
        return store(content.readAllBytes(), mediaType, name);
    }

    /// The content that is kept under a hash, to be read a part at a time.
    ///
    /// @throws IOException when there is none; as it is read, when it is damaged
    default ArtifactStore.Opened open(String hash) throws IOException {
        var all = load(hash);
        return new ArtifactStore.Opened(new ByteArrayInputStream(all), all.length);
    }

    /// The content that is kept under a hash.
    ///
    /// @throws IOException when there is none, or it is damaged
    default byte[] load(String hash) throws IOException {
        throw new FileNotFoundException("there is no artifact " + hash);
    }
}

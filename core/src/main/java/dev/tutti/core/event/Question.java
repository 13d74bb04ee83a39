package dev.tutti.core.event;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a person is asked.
///
/// @param id the sequence number of the event that asks it
/// @param task what it is about, or null for the run as a whole
/// @param purpose what the answer is for
/// @param text what is asked, one or more sentences
/// @param choices what may be answered; empty for free text or a form
/// @param form the fields of the answer and what each must be; empty unless it is a form
/// @param subject what is decided upon
/// @param hash of the subject: an answer holds for exactly this
/// @param ask who is asked, one after the other
/// @param otherwise what counts as the answer when the last one's time is over; null to go on
///   waiting
/// @param remind how often the one who is asked is reminded, or null
/// @param quorum how many must agree
/// @param fourEyes whether the one who began the run may not answer
public record Question(
        long id,
        @Nullable TaskId task,
        Purpose purpose,
        String text,
        List<String> choices,
        Value.Struct form,
        Value subject,
        String hash,
        List<Rung> ask,
        @Nullable String otherwise,
        @Nullable Duration remind,
        int quorum,
        boolean fourEyes) {

    public static final String APPROVE = "approve";
    public static final String DENY = "deny";
    public static final String RETRY = "retry";
    public static final String SKIP = "skip";
    public static final String FAIL = "fail";
    public static final String REPLAN = "replan";
    public static final String DONE = "done";
    public static final String NOT_DONE = "not_done";

    public Question {
        choices = List.copyOf(choices);
        ask = List.copyOf(ask);
        if (ask.isEmpty() || quorum < 1) {
            throw new IllegalArgumentException("nobody is asked: " + ask + ", quorum " + quorum);
        }
    }

    /// What the answer is for.
    public enum Purpose {
        /// It is the result of a task that a person does.
        TASK,
        /// The task is dispatched once it is approved.
        APPROVAL,
        /// The task has no attempt left.
        REMEDY,
        /// Nobody knows whether the attempt did what must not be done twice.
        UNKNOWN,
        /// Which of several answers is right.
        RESOLVE,
        /// The plan is amended once it is approved.
        PLAN,
        /// An attempt cannot go on without it.
        CONSULT,
        /// Nothing moves the run any more.
        STALL;

        /// As programs read it.
        public String word() {
            return switch (this) {
                case TASK -> "task";
                case APPROVAL -> "approval";
                case REMEDY -> "remedy";
                case UNKNOWN -> "unknown";
                case RESOLVE -> "resolve";
                case PLAN -> "plan";
                case CONSULT -> "consult";
                case STALL -> "stall";
            };
        }
    }

    /// One who is asked.
    ///
    /// @param to a person or a group
    /// @param within how long until the next is asked, or null for ever
    public record Rung(String to, @Nullable Duration within) {}

    /// How a question came to its end.
    public enum End {
        DECIDED,
        /// The time of the last one asked was over.
        EXPIRED,
        /// What it was about is gone or has changed.
        WITHDRAWN;

        /// As programs read it.
        public String word() {
            return switch (this) {
                case DECIDED -> "decided";
                case EXPIRED -> "expired";
                case WITHDRAWN -> "withdrawn";
            };
        }
    }
}

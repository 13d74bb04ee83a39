package dev.tutti.runtime.engine;

import dev.tutti.core.event.Event;

/// Which attempt is over with an event.
final class AttemptEnd {
    private AttemptEnd() {}

    /// The token of the attempt, or 0, which none has.
    static long token(Event event) {
        return switch (event) {
            case Event.AttemptEnded e -> e.token();
            case Event.ResultAccepted e -> e.token();
            case Event.ResultProposed e -> e.token();
            case Event.Iterated e -> e.token();
            case Event.HandedOver e -> e.token();
            case Event.PlanProposed e -> e.token();
            case Event.RunStarted _,
                    Event.Paused _,
                    Event.Resumed _,
                    Event.Intervened _,
                    Event.Stalled _,
                    Event.Closing _,
                    Event.Ended _,
                    Event.Refused _,
                    Event.PlanAmended _,
                    Event.TasksReset _,
                    Event.TaskRevised _,
                    Event.FannedOut _,
                    Event.Joined _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.TaskHeld _,
                    Event.TaskReady _,
                    Event.TaskSkipped _,
                    Event.TaskFailed _,
                    Event.InputGiven _,
                    Event.OutputGiven _,
                    Event.Assigned _,
                    Event.ChildStarted _,
                    Event.Awaited _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Rerouted _,
                    Event.ErrandsAwaited _,
                    Event.BudgetShort _,
                    Event.TooDear _,
                    Event.BudgetAlarm _,
                    Event.PartReturned _,
                    Event.BudgetRaised _,
                    Event.Settled _,
                    Event.EffectIntended _,
                    Event.EffectRecorded _,
                    Event.EffectWithdrawn _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.QuestionAsked _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.QuestionAnswered _,
                    Event.QuestionClosed _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ ->
                    0;
        };
    }
}

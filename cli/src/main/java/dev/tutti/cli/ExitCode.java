package dev.tutti.cli;

import dev.tutti.core.event.Status;

/// What the process ends with. Each command's help lists those that it uses.
final class ExitCode {
    static final int SUCCEEDED = 0;
    static final int FAILED = 1;
    static final int WRONG_REQUEST = 2;
    static final int WAITING = 3;
    static final int INTERNAL = 4;

    /// As `timeout` has it.
    static final int TIMED_OUT = 124;

    static final int INTERRUPTED = 130;

    static final String HEADING = "%nExit codes:%n";
    static final String SUCCEEDED_LINE = "0:done";
    static final String RUN_SUCCEEDED_LINE = "0:the run succeeded";
    static final String RUN_FAILED_LINE = "1:the run failed or was cancelled";
    static final String WRONG_REQUEST_LINE = "2:the request was wrong; nothing was done";
    static final String WAITING_LINE = "3:the run waits for a person";
    static final String INTERNAL_LINE = "4:something inside or below Tutti went wrong";
    static final String TIMED_OUT_LINE = "124:the time was over first";
    static final String INTERRUPTED_LINE = "130:interrupted; `tutti recover` goes on";

    private ExitCode() {}

    /// The code for a run as it is now.
    static int of(Status status) {
        return switch (status) {
            case SUCCEEDED -> SUCCEEDED;
            case FAILED, CANCELLED -> FAILED;
            case WAITING, PAUSED -> WAITING;
            case RUNNING, CLOSING -> INTERRUPTED;
        };
    }
}

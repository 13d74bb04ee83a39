package dev.tutti.server.api;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Two things that take a while and do not need each other, found at the same time.
record Both<T>(T one, T other) {

    /// @throws RuntimeException what the first of them that failed threw
    static <T> Both<T> of(Supplier<T> one, Supplier<T> other) {
        T here;
        Future<T> beside;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            beside = threads.submit(other::get);
            here = one.get();
        }
        if (beside.state() == Future.State.FAILED
                && beside.exceptionNow() instanceof RuntimeException e) {
            throw e;
        }
        return new Both<>(here, beside.resultNow());
    }
}

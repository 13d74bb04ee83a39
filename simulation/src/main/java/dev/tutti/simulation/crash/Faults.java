package dev.tutti.simulation.crash;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stands in front of a port and lets one call of one method fail, before it was carried out or
/// after. It counts the calls, so that every one of them can be made to fail in turn; and since it
/// stands in front of whatever methods the port has, none is forgotten.
final class Faults {
    private final Map<String, Integer> calls = new TreeMap<>();
    private final Map<String, Integer> callsAfterHit = new TreeMap<>();
    private final @Nullable Point point;
    private final Supplier<? extends RuntimeException> failure;
    private final boolean forGood;
    private boolean hit;

    /// Which call fails.
    ///
    /// @param call counted from 1
    record Point(String method, int call, When when) {
        @Override
        public String toString() {
            return method + " " + call + " " + when.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// Whether a call was carried out when it failed.
    enum When {
        BEFORE,
        AFTER
    }

    /// The process is gone: nothing it might still do reaches the store.
    static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone() {
            super("the process is gone");
        }
    }

    private Faults(
            @Nullable Point point, Supplier<? extends RuntimeException> failure, boolean forGood) {
        this.point = point;
        this.failure = failure;
        this.forGood = forGood;
    }

    /// Lets everything pass.
    static Faults none() {
        return new Faults(null, Gone::new, false);
    }

    /// Ends the process at a call: whatever is called later fails as well.
    static Faults death(Point point) {
        return new Faults(point, Gone::new, true);
    }

    /// Lets one call fail.
    static Faults once(Point point, Supplier<? extends RuntimeException> failure) {
        return new Faults(point, failure, false);
    }

    <T> T around(Class<T> port, T real) {
        return port.cast(
                Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (_, method, arguments) -> call(real, method, arguments)));
    }

    private @Nullable Object call(Object real, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("close")) {
            return carryOut(real, method, arguments);
        }
        int call;
        synchronized (this) {
            if (hit && forGood) {
                throw failure.get();
            }
            call = calls.merge(method.getName(), 1, Integer::sum);
            if (hit) {
                callsAfterHit.merge(method.getName(), 1, Integer::sum);
            }
        }
        fail(method, call, When.BEFORE);
        var result = carryOut(real, method, arguments);
        fail(method, call, When.AFTER);
        return result;
    }

    private synchronized void fail(Method method, int call, When when) {
        if (new Point(method.getName(), call, when).equals(point)) {
            hit = true;
            throw failure.get();
        }
    }

    private static @Nullable Object carryOut(
            Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /// Whether the call came that was to fail.
    synchronized boolean hit() {
        return hit;
    }

    /// How often a method was called after the failure.
    synchronized int callsAfterHit(String method) {
        return callsAfterHit.getOrDefault(method, 0);
    }

    /// How often each method was called.
    synchronized Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }
}

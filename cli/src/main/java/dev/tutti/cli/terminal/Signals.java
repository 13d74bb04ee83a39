package dev.tutti.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// Signals of the operating system. The JDK has them in `sun.misc` only, which the compiler warns
/// of whatever one does; so they are reached by reflection, and where they are not there nothing is
/// handled.
public final class Signals {

    private Signals() {}

    /// Runs `action`, on a thread of the JVM, each time the signal `name` (`INT`, `TERM`, `WINCH`)
    /// comes.
    public static void handle(String name, Runnable action) {
        InvocationHandler handler =
                (_, method, _) ->
                        switch (method.getName()) {
                            case "equals" -> false;
                            case "hashCode" -> name.hashCode();
                            case "toString" -> "handler of " + name;
                            default -> {
                                action.run();
                                yield null;
                            }
                        };
        try {
            var signalType = Class.forName("sun.misc.Signal");
            var handlerType = Class.forName("sun.misc.SignalHandler");
            var proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(), new Class<?>[] {handlerType}, handler);
            var signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // Without it the JVM ends as it always does, and what is on disk stays there.
        }
    }
}

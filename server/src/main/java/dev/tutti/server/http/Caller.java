package dev.tutti.server.http;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/// Who asks.
///
/// @param name in whose name things are done
/// @param role null for a worker, which may do its work and nothing else
public record Caller(String name, @Nullable Role role) {
    private static final String WHO = "who";

    /// Who asks, once that is known.
    ///
    /// @throws Problem while it is not: a route that forgot to say who may ask is closed
    public static Caller of(Context request) {
        if (request.attribute(WHO) instanceof Caller caller) {
            return caller;
        }
        throw new Problem(401, "no_token", "show a token: `Authorization: Bearer …`");
    }

    public void attach(Context request) {
        request.attribute(WHO, this);
    }

    public boolean may(Right right) {
        return switch (right) {
            case PUBLIC -> true;
            case WORK -> role == null;
            case VIEW, OPERATE, APPROVE, ADMINISTER, ENROL -> role != null && role.may(right);
        };
    }
}

package dev.tutti.server;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import io.javalin.http.Context;

/// A request that was not carried out, and why (RFC 9457, problem details).
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /// @param code a stable word for programs
    /// @param detail one sentence for people: what is wrong and what to do
    Problem(int status, String code, String detail) {
        super(detail);
        this.status = status;
        this.code = code;
    }

    static Problem badRequest(String detail) {
        return new Problem(400, "bad_request", detail);
    }

    void answer(Context to) {
        var problem =
                Value.struct(
                        "type",
                        Value.text("urn:tutti:problem:" + code),
                        "title",
                        Value.text(code.replace('_', ' ')),
                        "status",
                        Value.of(status),
                        "code",
                        Value.text(code),
                        "detail",
                        Value.text(String.valueOf(getMessage())));
        to.status(status);
        if (status == 401) {
            to.header("www-authenticate", "Bearer");
        }
        if (status == 429 || status == 503) {
            to.header("retry-after", "2");
        }
        to.contentType("application/problem+json").result(Json.bytes(problem));
    }
}

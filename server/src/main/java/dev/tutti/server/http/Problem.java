package dev.tutti.server.http;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import io.javalin.http.Context;
import java.util.List;

/// A request that was not carried out, and why (RFC 9457, problem details).
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final int status;
    private final String code;
    private final transient Value.Struct more;

    /// @param code a stable word for programs
    /// @param detail one sentence for people: what is wrong and what to do
    public Problem(int status, String code, String detail) {
        this(status, code, detail, Value.Struct.EMPTY);
    }

    /// @param more further fields for programs
    public Problem(int status, String code, String detail, Value.Struct more) {
        super(detail);
        this.status = status;
        this.code = code;
        this.more = more;
    }

    /// The server takes nothing more.
    public static Problem draining() {
        return new Problem(
                UNAVAILABLE, "draining", "the server is about to end; ask again in a moment");
    }

    public static Problem badRequest(String detail) {
        return new Problem(400, "bad_request", detail);
    }

    /// A field of the body is wrong.
    ///
    /// @param pointer to the field, RFC 6901
    public static Problem field(String pointer, String detail) {
        return new Problem(
                400, "bad_request", detail, errors(List.of(error(pointer, detail, "bad_request"))));
    }

    /// Fields of the body that are wrong.
    public static Problem fields(List<Fault> faults) {
        return new Problem(
                400, "bad_request", faults.getFirst().message(), errors(documents("", faults)));
    }

    /// Everything that is wrong with what was given.
    ///
    /// @param under the pointer to what was checked
    public static Problem faults(String code, String detail, String under, List<Fault> faults) {
        return new Problem(422, code, detail, errors(documents(under, faults)));
    }

    private static List<Value> documents(String under, List<Fault> faults) {
        return faults.stream()
                .<Value>map(fault ->
                        error(pointer(under, fault), fault.message(), fault.code())
                                .with(mend(fault)))
                .toList();
    }

    private static String pointer(String under, Fault fault) {
        var pointer = new StringBuilder(under);
        fault.at().stream()
                .skip(1)
                .forEach(part ->
                        pointer.append('/').append(part.replace("~", "~0").replace("/", "~1")));
        return pointer.toString();
    }

    private static Value.Struct mend(Fault fault) {
        var help = fault.help();
        return help == null ? Value.Struct.EMPTY : Value.struct("help", Value.text(help));
    }

    private static Value.Struct error(String pointer, String message, String code) {
        return Value.struct(
                "pointer",
                Value.text(pointer),
                "message",
                Value.text(message),
                "code",
                Value.text(code));
    }

    private static Value.Struct errors(List<Value> errors) {
        return Value.struct("errors", new Value.Array(errors));
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /// Answers with it.
    public void answer(Context to) {
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
                                Value.text(String.valueOf(getMessage())))
                        .with(more);
        to.status(status);
        if (status == 401) {
            to.header("www-authenticate", "Bearer");
        }
        if ((status == TOO_MANY || status == UNAVAILABLE)
                && to.res().getHeader("retry-after") == null) {
            to.header("retry-after", "2");
        }
        to.contentType("application/problem+json").result(Json.bytes(problem));
    }
}

package dev.tutti.core.expression;

import java.io.Serial;

/// An expression could not be evaluated with the values it met. Trying again gives the same.
public final class ExpressionException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final String code;

    public ExpressionException(String code, String message) {
        super(message);
        this.code = code;
    }

    ExpressionException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /// Stable, such as `E-REF-03`.
    public String code() {
        return code;
    }

    /// One sentence for people.
    public String message() {
        return String.valueOf(getMessage());
    }
}

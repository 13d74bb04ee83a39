package dev.tutti.runtime.json;

/// Text that is not the JSON it should be.
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;
    private final int column;

    public JsonException(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    /// From 1.
    public int line() {
        return line;
    }

    /// From 1, in characters.
    public int column() {
        return column;
    }
}

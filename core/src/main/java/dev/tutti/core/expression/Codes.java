package dev.tutti.core.expression;

/// The codes of what can be wrong with an expression.
final class Codes {
    static final String SYNTAX = "E-CEL-01";
    static final String UNCLOSED = "E-CEL-02";
    static final String TYPES = "E-CEL-03";
    static final String LIMIT = "E-CEL-05";
    static final String EVALUATION = "E-CEL-06";
    static final String VARIABLE = "E-REF-01";
    static final String FIELD = "E-REF-03";

    private Codes() {}
}

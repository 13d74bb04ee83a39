package dev.tutti.core.expression;

import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What CEL says, in the words of our messages.
final class CelMessages {
    private static final int LONGEST = 300;
    private static final Pattern UNEXPECTED =
            Pattern.compile(
                    "(?:mismatched|extraneous|no viable alternative at) input '(.*?)'(?: expecting.*)?$",
                    Pattern.DOTALL);
    private static final Pattern TOKEN =
            Pattern.compile("token recognition error at: '(.*?)'$", Pattern.DOTALL);
    private static final Pattern OVERLOAD =
            Pattern.compile(
                    "found no matching overload for '(.*?)' applied to '(\\(.*?\\))'.*",
                    Pattern.DOTALL);
    private static final Pattern UNDECLARED =
            Pattern.compile("undeclared reference to '(.*?)'.*", Pattern.DOTALL);
    private static final Pattern RUNTIME_OVERLOAD =
            Pattern.compile("No matching overload for function '(.*?)'.*", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at [^:]*:\\d+)?: ");

    private CelMessages() {}

    static String syntax(String message) {
        var unexpected = UNEXPECTED.matcher(message);
        if (unexpected.find()) {
            return unexpected(unexpected.group(1));
        }
        var token = TOKEN.matcher(message);
        return token.find() ? unexpected(token.group(1)) : shortened(message);
    }

    private static String unexpected(String token) {
        return token.equals("<EOF>")
                ? "it ends too early"
                : "unexpected `" + shortened(token) + "`";
    }

    static String type(String message) {
        var overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            return "`" + operator(overload.group(1)) + "` does not take " + overload.group(2);
        }
        var undeclared = UNDECLARED.matcher(message);
        return undeclared.matches()
                ? "there is no function `" + undeclared.group(1) + "`"
                : shortened(message);
    }

    static String failure(CelEvaluationException e) {
        return switch (e.getErrorCode()) {
            case DIVIDE_BY_ZERO -> "division by zero";
            case NUMERIC_OVERFLOW -> "a number is too large";
            case OVERLOAD_NOT_FOUND -> overload(plain(e));
            default -> plain(e);
        };
    }

    private static String overload(String message) {
        Matcher overload = RUNTIME_OVERLOAD.matcher(message);
        return overload.find()
                ? "`" + operator(overload.group(1)) + "` does not take values of these types"
                : message;
    }

    static String plain(Exception e) {
        return shortened(PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst(""));
    }

    /// `_+_` as one writes it: `+`.
    private static String operator(String function) {
        return switch (function) {
            case "_?_:_" -> "? :";
            case "_[_]" -> "[ ]";
            case "@in" -> "in";
            default -> function.replace("_", "").isEmpty() ? function : stripped(function);
        };
    }

    private static String stripped(String function) {
        return function.startsWith("_") || function.endsWith("_")
                ? function.replace("_", "")
                : function;
    }

    private static String shortened(String message) {
        var line = message.lines().findFirst().orElse("");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}

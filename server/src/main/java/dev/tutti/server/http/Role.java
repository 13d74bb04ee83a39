package dev.tutti.server.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a key is for.
public enum Role {
    /// Looks, and changes nothing.
    VIEWER,
    /// Begins runs and changes their course, but decides nothing that people are asked.
    OPERATOR,
    /// Decides what people are asked, and nothing else.
    APPROVER,
    ADMIN;

    public boolean may(Right right) {
        return switch (right) {
            case PUBLIC, VIEW -> true;
            case OPERATE, ENROL -> this == OPERATOR || this == ADMIN;
            case APPROVE -> this == APPROVER || this == ADMIN;
            case ADMINISTER -> this == ADMIN;
            case WORK -> false;
        };
    }

    /// As programs read it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}

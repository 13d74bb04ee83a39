package dev.tutti.server.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a key is for.
public enum Role {
    VIEWER(Right.VIEW),
    OPERATOR(Right.VIEW, Right.OPERATE, Right.ENROL),
    APPROVER(Right.VIEW, Right.APPROVE),
    ADMIN(Right.VIEW, Right.OPERATE, Right.APPROVE, Right.ADMINISTER, Right.ENROL);

    private final Set<Right> rights;

    Role(Right... rights) {
        this.rights = Set.of(rights);
    }

    public boolean may(Right right) {
        return rights.contains(right);
    }

    /// As programs read it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}

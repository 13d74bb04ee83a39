package dev.tutti.core.event;

/// Whose run it is. The command line uses [#LOCAL]; a server has no default.
public record TenantId(String value) {
    public static final TenantId LOCAL = new TenantId("local");

    public TenantId {
        Names.require(value, "tenant");
    }

    @Override
    public String toString() {
        return value;
    }
}

package dev.tutti.server.http;

import java.util.Locale;

/// What one must be allowed to ask for a route.
public enum Right {
    /// Nothing: for what says nothing about any run.
    PUBLIC,
    /// Look.
    VIEW,
    /// Begin runs and change their course.
    OPERATE,
    /// Answer what people are asked.
    APPROVE,
    /// Make and withdraw keys.
    ADMINISTER,
    /// Register workers.
    ENROL,
    /// Be a worker.
    WORK;

    /// As programs read it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

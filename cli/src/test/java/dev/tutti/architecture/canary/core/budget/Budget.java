package dev.tutti.architecture.canary.core.budget;

/// What a canary of another stage imports.
public interface Budget {}

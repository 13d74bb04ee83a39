package dev.tutti.architecture.canary.core.plan;

/// A name that says nothing.
public interface PlanManager {}

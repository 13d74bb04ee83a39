package dev.tutti.architecture.canary.silent;

/// In a package that says nothing of itself.
interface InASilentPackage {}

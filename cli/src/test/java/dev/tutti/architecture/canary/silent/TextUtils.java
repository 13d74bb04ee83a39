package dev.tutti.architecture.canary.silent;

/// Another name that says nothing.
interface TextUtils {}

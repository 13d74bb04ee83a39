package canary;

/// Nothing is wrong here: were this refused, the other canaries would prove nothing.
record Sound(String name) {}

package canary;

import java.util.List;

/// Draws a warning of the compiler, and no error.
record Warned(List names) {}

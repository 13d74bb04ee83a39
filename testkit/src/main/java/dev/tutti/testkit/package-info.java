/// For the tests of those who build teams: what stands in for the world outside.
///
/// Needs the JDK and the library, and no network but loopback.
@NullMarked
package dev.tutti.testkit;

import org.jspecify.annotations.NullMarked;

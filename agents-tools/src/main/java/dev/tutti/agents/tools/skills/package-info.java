/// Skills as folders (Agent Skills): instructions that an agent takes up when a task asks for them,
/// and the files that go with them.
@NullMarked
package dev.tutti.agents.tools.skills;

import org.jspecify.annotations.NullMarked;

/// What is remembered from run to run: facts, as the topic `memory` of a store has them, in an
/// index that is searched by words and by meaning. The journal is the truth; everything here can be
/// thrown away and is made again. Nothing is written to a topic here.
@NullMarked
package dev.tutti.agents.local.memory;

import org.jspecify.annotations.NullMarked;

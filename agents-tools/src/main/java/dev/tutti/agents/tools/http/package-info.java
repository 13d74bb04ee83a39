/// Tools that are requests to HTTP services: as an OpenAPI document describes them, or declared one
/// by one.
@NullMarked
package dev.tutti.agents.tools.http;

import org.jspecify.annotations.NullMarked;

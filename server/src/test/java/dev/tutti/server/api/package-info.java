/// What the routes are made of.
@NullMarked
package dev.tutti.server.api;

import org.jspecify.annotations.NullMarked;

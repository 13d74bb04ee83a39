/// What every route has in common: who may ask, what comes with a request, and how it is refused.
///
/// Routes are kept in one table, from which the router, the description for programs and the tests
/// of rights are made, so that none is without a right.
@NullMarked
package dev.tutti.server.http;

import org.jspecify.annotations.NullMarked;

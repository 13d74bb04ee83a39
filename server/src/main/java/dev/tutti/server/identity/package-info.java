/// People and programs whom an issuer of OpenID Connect vouches for: signed tokens (JWT), checked
/// with the issuer's keys, and what their claims let one do here.
@NullMarked
package dev.tutti.server.identity;

import org.jspecify.annotations.NullMarked;

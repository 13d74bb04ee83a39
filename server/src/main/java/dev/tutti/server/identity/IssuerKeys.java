package dev.tutti.server.identity;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/// Fetches the keys of an issuer: where its discovery document says they are, unless that is set.
final class IssuerKeys implements JWKSetSource<SecurityContext> {
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int CONNECT = 2_000;
    private static final int READ = 3_000;
    private static final int LONGEST = 1 << 20;
    private static final int SHORTEST_RSA = 2_048;

    private final IdentitySettings settings;
    private final DefaultResourceRetriever web =
            new DefaultResourceRetriever(CONNECT, READ, LONGEST);

    IssuerKeys(IdentitySettings settings) {
        this.settings = settings;
    }

    @Override
    public JWKSet getJWKSet(
            JWKSetCacheRefreshEvaluator why, long now, @Nullable SecurityContext context)
            throws KeySourceException {
        try {
            var fetched = JWKSet.parse(fetch(place()));
            return new JWKSet(fetched.getKeys().stream().filter(IssuerKeys::counts).toList());
        } catch (IOException | ParseException | IllegalArgumentException e) {
            throw new JWKSetUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private String fetch(URI from) throws IOException {
        return web.retrieveResource(from.toURL()).getContent();
    }

    private URI place() throws IOException, ParseException {
        if (settings.keys() != null) {
            return settings.keys();
        }
        var issuer = settings.issuer().toString();
        var found =
                JSONObjectUtils.parse(
                        fetch(URI.create(issuer.replaceFirst("/+$", "") + DISCOVERY)));
        if (!issuer.equals(found.get("issuer"))) {
            throw new IOException("the discovery document is of another issuer");
        }
        var keys = URI.create(String.valueOf(found.get("jwks_uri")));
        if (!"https".equals(keys.getScheme())
                && !settings.issuer().getScheme().equals(keys.getScheme())) {
            throw new IOException(
                    "the discovery document names keys that are not encrypted on the way");
        }
        return keys;
    }

    /// Keys for signing that have no secret, long enough.
    private static boolean counts(JWK key) {
        return !key.isPrivate()
                && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                && (key instanceof ECKey
                        || (key instanceof RSAKey rsa && rsa.size() >= SHORTEST_RSA));
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}

package dev.tutti.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tutti.core.event.Value;
import dev.tutti.server.identity.IdentitySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// An issuer of OpenID Connect at a loopback address, with real keys.
final class Issuer implements AutoCloseable {
    static final String AUDIENCE = "tutti";

    private final HttpServer server;
    private final List<JWK> published = new CopyOnWriteArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    final String url;
    volatile boolean down;
    private ECKey key;
    final RSAKey rsa;

    Issuer() throws IOException, JOSEException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/work";
        key = ec("one");
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        published.add(key);
        published.add(rsa);
        server.createContext(
                "/realms/work/.well-known/openid-configuration",
                exchange ->
                        answer(
                                exchange,
                                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}"
                                        .formatted(url, url)));
        server.createContext(
                "/realms/work/keys",
                exchange -> {
                    asked.incrementAndGet();
                    answer(exchange, new JWKSet(List.copyOf(published)).toString(true));
                });
        server.start();
    }

    private static ECKey ec(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private void answer(HttpExchange exchange, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(down ? 500 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /// Signs with another key from now on, and publishes only that.
    void rotate(String id) throws JOSEException {
        key = ec(id);
        published.clear();
        published.add(key);
    }

    /// How a server trusts it.
    IdentitySettings settings(Value.Struct more) {
        return IdentitySettings.of(
                Value.struct(
                                "issuer",
                                Value.text(url),
                                "audience",
                                Value.text(AUDIENCE),
                                "name",
                                Value.text("preferred_username"),
                                "tenant",
                                Value.struct(
                                        "claim",
                                        Value.text("org"),
                                        "values",
                                        Value.struct("home", Value.text("local"))),
                                "role",
                                Value.struct(
                                        "claim",
                                        Value.text("realm_access.roles"),
                                        "values",
                                        Value.struct(
                                                "boss", Value.text("admin"),
                                                "crew", Value.text("operator"),
                                                "judge", Value.text("approver"),
                                                "guest", Value.text("viewer"))))
                        .with(more));
    }

    /// Claims that are in order, of somebody with this role there.
    static UnaryOperator<JWTClaimsSet.Builder> usual(String url, String role) {
        return claims ->
                claims.issuer(url)
                        .audience(AUDIENCE)
                        .subject("7")
                        .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))))
                        .claim("preferred_username", "ada")
                        .claim("org", "home")
                        .claim("realm_access", Map.of("roles", List.of("other", role)));
    }

    /// A token of somebody with this role, with something else about it.
    String token(String role, UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new ECDSASigner(key),
                role,
                change);
    }

    String token(String role) throws JOSEException {
        return token(role, claims -> claims);
    }

    String signed(
            JWSHeader header,
            JWSSigner signer,
            String role,
            UnaryOperator<JWTClaimsSet.Builder> change)
            throws JOSEException {
        var claims = change.apply(usual(url, role).apply(new JWTClaimsSet.Builder())).build();
        var jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    /// Signed by a key that was never published.
    String forged(String role) throws JOSEException {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
                new ECDSASigner(ec("one")),
                role,
                claims -> claims);
    }

    /// Signed by nobody.
    String plain(String role) {
        return new PlainJWT(usual(url, role).apply(new JWTClaimsSet.Builder()).build()).serialize();
    }

    /// Signed with the public key as a secret, which everybody has.
    String confused(String role) throws Exception {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(),
                new MACSigner(rsa.toRSAPublicKey().getEncoded()),
                role,
                claims -> claims);
    }

    String byRsa(String role, JWSAlgorithm algorithm) throws JOSEException {
        return signed(
                new JWSHeader.Builder(algorithm).keyID("rsa").build(),
                new RSASSASigner(rsa),
                role,
                claims -> claims);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

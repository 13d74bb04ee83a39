package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.identity.IdentitySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that an issuer has signed, at a server that trusts it.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class IdentityTest {
    private static final String WHO = "/api/v1/session";

    private Issuer issuer;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void issuer() throws Exception {
        issuer = new Issuer();
    }

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) {
            one.close();
        }
        issuer.close();
    }

    private int serve(Object... more) {
        var tutti = Tutti.inMemory();
        var server =
                Server.start(
                        tutti,
                        OperatorToken.of(Served.TOKEN),
                        Served.options().trusting(issuer.settings(Value.struct(more))));
        open.add(tutti);
        open.add(server);
        return server.port();
    }

    private static Client.Answer ask(int port, String token) throws Exception {
        try (var client = new Client(port, token)) {
            return client.get(WHO);
        }
    }

    @Test
    void claims_say_who_it_is_and_what_they_may() throws Exception {
        int port = serve();
        var seen = ask(port, issuer.token("crew"));
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.body().text("who")).isEqualTo("ada");
        assertThat(seen.body().text("role")).isEqualTo("operator");
        assertThat(ask(port, issuer.byRsa("judge", JWSAlgorithm.RS256)).body().text("role"))
                .isEqualTo("approver");
        var named =
                ask(
                        port,
                        issuer.token(
                                "boss", claims -> claims.claim("preferred_username", "engine")));
        assertThat(named.body().text("who")).isEqualTo("engine@127.0.0.1");
        var both = Map.of("roles", List.of("guest", "boss"));
        assertThat(
                        ask(port, issuer.token("x", claims -> claims.claim("realm_access", both)))
                                .body()
                                .text("role"))
                .isEqualTo("admin");
        // Keys and the operator's token count as before.
        assertThat(ask(port, Served.TOKEN).body().text("who")).isEqualTo("operator");
    }

    @Test
    void a_token_that_is_not_in_order_lets_nobody_in() throws Exception {
        int port = serve();
        var now = Instant.now();
        var at = (java.util.function.Function<Integer, Date>) s -> Date.from(now.plusSeconds(s));
        record Case(String token, String problem) {}
        for (var one :
                List.of(
                        new Case(issuer.forged("boss"), "401 unknown_token"),
                        new Case(issuer.plain("boss"), "401 unknown_token"),
                        new Case(issuer.confused("boss"), "401 unknown_token"),
                        new Case(issuer.byRsa("boss", JWSAlgorithm.RS512), "401 unknown_token"),
                        new Case(
                                issuer.token("boss", c -> c.audience("others")),
                                "401 unknown_token"),
                        new Case(
                                issuer.token("boss", c -> c.audience((String) null)),
                                "401 unknown_token"),
                        new Case(
                                issuer.token("boss", c -> c.issuer("https://elsewhere.example")),
                                "401 unknown_token"),
                        new Case(
                                issuer.token("boss", c -> c.expirationTime(null)),
                                "401 unknown_token"),
                        new Case(
                                issuer.token("boss", c -> c.expirationTime(at.apply(-70))),
                                "401 expired"),
                        new Case(
                                issuer.token("boss", c -> c.notBeforeTime(at.apply(70))),
                                "401 unknown_token"),
                        new Case(issuer.token("nobody"), "403 no_role"),
                        new Case(
                                issuer.token("boss", c -> c.claim("preferred_username", "agent/x")),
                                "403 no_name"),
                        new Case(issuer.token("boss", c -> c.claim("org", "acme")), "404 no_route"),
                        new Case(issuer.token("boss", c -> c.claim("org", null)), "404 no_route"),
                        new Case(issuer.token("boss") + "x", "401 unknown_token"),
                        new Case("eyJ.eyJ.", "401 unknown_token"))) {
            assertThat(ask(port, one.token).problem()).as(one.token).isEqualTo(one.problem);
        }
        // Clocks may differ by the skew.
        assertThat(ask(port, issuer.token("boss", c -> c.expirationTime(at.apply(-30)))).status())
                .isEqualTo(200);
        assertThat(ask(port, issuer.token("boss", c -> c.notBeforeTime(at.apply(30)))).status())
                .isEqualTo(200);
    }

    @Test
    void keys_are_kept_and_asked_for_again_when_they_change() throws Exception {
        int port = serve();
        for (int i = 0; i < 20; i++) {
            assertThat(ask(port, issuer.token("guest")).status()).isEqualTo(200);
        }
        assertThat(issuer.asked.get()).isEqualTo(1);
        var old = issuer.token("guest");
        TimeUnit.MILLISECONDS.sleep(600);
        issuer.rotate("two");
        assertThat(ask(port, issuer.token("guest")).status()).isEqualTo(200);
        assertThat(issuer.asked.get()).isEqualTo(2);
        TimeUnit.MILLISECONDS.sleep(600);
        assertThat(ask(port, old).problem()).isEqualTo("401 unknown_token");
    }

    @Test
    void while_the_issuer_cannot_be_reached_nobody_is_let_in_and_it_is_said() throws Exception {
        int port = serve("fresh", Value.text("1s"));
        issuer.down = true;
        var refused = ask(port, issuer.token("boss"));
        assertThat(refused.problem()).isEqualTo("503 issuer_unreachable");
        assertThat(refused.body().text("detail")).contains(issuer.url);
        // Whoever has a key is not concerned.
        assertThat(ask(port, Served.TOKEN).status()).isEqualTo(200);

        TimeUnit.MILLISECONDS.sleep(600);
        issuer.down = false;
        assertThat(ask(port, issuer.token("boss")).status()).isEqualTo(200);
        // What was kept is not kept for ever.
        TimeUnit.MILLISECONDS.sleep(1_100);
        issuer.close();
        assertThat(ask(port, issuer.token("boss")).problem()).isEqualTo("503 issuer_unreachable");
    }

    @Test
    void a_session_of_a_browser_ends_when_the_token_does() throws Exception {
        int port = serve();
        var token =
                issuer.token(
                        "crew",
                        claims ->
                                claims.expirationTime(
                                        Date.from(Instant.now().plus(Duration.ofSeconds(90)))));
        try (var client = new Client(port, token)) {
            var begun =
                    client.http()
                            .send(
                                    client.request(WHO)
                                            .POST(
                                                    java.net.http.HttpRequest.BodyPublishers
                                                            .ofString("{}"))
                                            .build(),
                                    java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(begun.statusCode()).isEqualTo(200);
            var cookie = begun.headers().firstValue("set-cookie").orElseThrow();
            var age = cookie.replaceAll(".*Max-Age=", "");
            assertThat(Long.parseLong(age)).isBetween(60L, 90L);
            try (var browser = new Client(port, "")) {
                var seen =
                        browser.send(
                                browser.request(WHO)
                                        .header("cookie", cookie.split(";", 2)[0])
                                        .GET()
                                        .build());
                assertThat(seen.body().text("who")).isEqualTo("ada");
                assertThat(seen.body().text("role")).isEqualTo("operator");
            }
        }
    }

    @Test
    void settings_are_read_from_a_file_and_all_that_is_wrong_is_said(@TempDir Path folder)
            throws Exception {
        var file = folder.resolve("identity.yaml");
        Files.writeString(
                file,
                """
                issuer: https://login.example.org/realms/work
                audience: [tutti, tutti-web]
                algorithms: [ES256]
                skew: 10s
                role: { claim: groups, values: { ops: operator } }
                """);
        var settings = IdentitySettings.read(file);
        assertThat(settings.audience()).containsExactly("tutti", "tutti-web");
        assertThat(settings.skew()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.name()).isEqualTo("sub");

        Files.writeString(
                file,
                """
                issuer: http://login.example.org
                algorithms: [none, HS256, RS256]
                skew: 1h
                colour: red
                role: { claim: groups, values: { ops: boss } }
                """);
        assertThatThrownBy(() -> IdentitySettings.read(file))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.faults().toString())
                                        .contains(
                                                "`issuer` is not an address",
                                                "`audience` is missing",
                                                "`none` is no algorithm",
                                                "`HS256` is no algorithm",
                                                "from 0s to 300s",
                                                "no setting `colour`",
                                                "`boss` is no role"));
        assertThatThrownBy(() -> IdentitySettings.of(Json.parse("[]"))).isInstanceOf(Refusal.class);
    }
}

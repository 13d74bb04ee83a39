package dev.tutti.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Role;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says who shows a token that an issuer has signed. Where the issuer's keys cannot be had, nobody
/// is let in.
public final class Identity {
    private static final Logger LOG = LoggerFactory.getLogger(Identity.class);
    private static final long WAIT = 5_000;

    /// How often an issuer is asked at most, whatever tokens are shown.
    private static final long LEAST_BETWEEN = 500;

    private static final Pattern TOKEN = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]*");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N} ._@+-]{1,100}");

    /// Names by which the journal knows somebody else.
    private static final Set<String> TAKEN = Set.of("operator", "engine", "system");

    private final IdentitySettings settings;
    private final ConfigurableJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /// Somebody whom the issuer vouches for.
    ///
    /// @param tenant whose runs it is for, empty when the token does not say
    /// @param until when the token is void
    public record Vouched(String name, Role role, String tenant, Instant until) {}

    public Identity(IdentitySettings settings, Clock clock) {
        this.settings = settings;
        var keys =
                JWKSourceBuilder.create(new IssuerKeys(settings))
                        .cache(settings.fresh().toMillis(), WAIT)
                        .refreshAheadCache(false)
                        .rateLimited(LEAST_BETWEEN)
                        .retrying(true)
                        .build();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        settings.algorithms().stream()
                                .map(JWSAlgorithm::parse)
                                .collect(Collectors.toSet()),
                        keys));
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        settings.audience(),
                        new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
                        Set.of("sub", "exp"),
                        null) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) settings.skew().toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    /// Whether it looks like such a token at all.
    public static boolean mayBe(String token) {
        return token.startsWith("ey") && TOKEN.matcher(token).matches();
    }

    /// Who shows this token.
    ///
    /// @throws Problem 401 when it is none of this issuer for this server, or not now; 403 when it
    ///   is, and gives no role; 503 when the issuer cannot be asked for its keys
    public Vouched vouched(String token) {
        var claims = checked(token);
        return new Vouched(
                name(claims), role(claims), tenant(claims), claims.getExpirationTime().toInstant());
    }

    /// The same tokens are shown with every request: which issuer this is, for sessions.
    public String mark() {
        return Integer.toHexString(settings.issuer().hashCode());
    }

    private JWTClaimsSet checked(String token) {
        try {
            return processor.process(SignedJWT.parse(token), null);
        } catch (ExpiredJWTException _) {
            throw new Problem(
                    401,
                    "expired",
                    "this token has expired; get another from " + settings.issuer());
        } catch (BadJWTException e) {
            throw unknown("its claims are not those of a token for this server: " + e.getMessage());
        } catch (KeySourceException e) {
            LOG.warn("the keys of {} cannot be had: {}", settings.issuer(), e.getMessage());
            throw new Problem(
                    503,
                    "issuer_unreachable",
                    "the keys of "
                            + settings.issuer()
                            + " cannot be had at the moment, so its tokens cannot be checked");
        } catch (BadJOSEException | JOSEException _) {
            throw unknown(
                    "no key of "
                            + settings.issuer()
                            + " has signed it in one of the ways that are allowed here");
        } catch (ParseException _) {
            throw unknown("it is not a signed token");
        }
    }

    private static Problem unknown(String why) {
        return new Problem(401, "unknown_token", "this token does not count here: " + why);
    }

    // ---- what claims say

    /// In whose name things are done. A name that the journal has for somebody else, or that could
    /// stand for an agent, is told apart by the subject's issuer, or is none.
    private String name(JWTClaimsSet claims) {
        var given = claim(claims, settings.name());
        var name = given instanceof String text ? text.strip() : "";
        if (!NAME.matcher(name).matches()) {
            throw new Problem(
                    403,
                    "no_name",
                    "the claim `"
                            + settings.name()
                            + "` of this token is no name: letters, digits and `._@+-`, 100 at most");
        }
        return TAKEN.contains(name) ? name + "@" + settings.issuer().getHost() : name;
    }

    private Role role(JWTClaimsSet claims) {
        var held = texts(claim(claims, settings.role()));
        return settings.roles().entrySet().stream()
                .filter(one -> held.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() ->
                        new Problem(
                                403,
                                "no_role",
                                "the claim `"
                                        + settings.role()
                                        + "` of this token gives no role at this server"));
    }

    private String tenant(JWTClaimsSet claims) {
        if (settings.tenant() == null) {
            return "local";
        }
        var value = claim(claims, settings.tenant()) instanceof String text ? text : "";
        return settings.tenants().getOrDefault(value, value);
    }

    /// A claim by its name, or by its path: `realm_access.roles`.
    private static @Nullable Object claim(JWTClaimsSet claims, String name) {
        var whole = claims.getClaim(name);
        if (whole != null) {
            return whole;
        }
        @Nullable Object at = claims.getClaims();
        for (var part : name.split("\\.", -1)) {
            at = at instanceof Map<?, ?> fields ? fields.get(part) : null;
        }
        return at;
    }

    /// A list of texts, or words of one text, as scopes are written.
    private static Collection<String> texts(@Nullable Object claim) {
        return switch (claim) {
            case Collection<?> many ->
                    many.stream().map(String::valueOf).collect(Collectors.toSet());
            case String text -> Arrays.asList(text.split(" ", -1));
            case null, default -> List.of();
        };
    }
}

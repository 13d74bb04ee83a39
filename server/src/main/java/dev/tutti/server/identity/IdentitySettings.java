package dev.tutti.server.identity;

import dev.tutti.Refusal;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.server.http.Role;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.teamfile.TeamFileException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which issuer is trusted, for what, and how its claims are read.
///
/// @param issuer as tokens name it in `iss`; its keys are found from there
/// @param audience one of these must be in `aud`: tokens for others are none for this server
/// @param keys where the issuer's keys are (JWKS), or null to ask the issuer's discovery document
/// @param algorithms by which tokens may be signed, all with a key pair
/// @param skew how far the clocks of the two may differ
/// @param fresh how long keys are kept before the issuer is asked again
/// @param name the claim that says who it is
/// @param tenant the claim that says whose runs it is for, or null where all are of this store
/// @param tenants what values of that claim are here
/// @param role the claim that says what one may, a text or a list
/// @param roles what values of that claim are here, the first that somebody has counts
public record IdentitySettings(
        URI issuer,
        Set<String> audience,
        @Nullable URI keys,
        Set<String> algorithms,
        Duration skew,
        Duration fresh,
        String name,
        @Nullable String tenant,
        Map<String, String> tenants,
        String role,
        Map<String, Role> roles) {

    /// With a key pair: a secret that both sides know would make whoever checks able to sign.
    static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private static final Set<String> USUAL = Set.of("RS256", "PS256", "ES256");
    private static final Duration USUAL_SKEW = Duration.ofSeconds(60);
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);
    private static final Duration USUAL_FRESH = Duration.ofMinutes(10);
    private static final Duration LEAST_FRESH = Duration.ofSeconds(1);
    private static final Duration MOST_FRESH = Duration.ofDays(1);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /// Reads a file, YAML or JSON.
    ///
    /// @throws Refusal with everything that is wrong with it
    public static IdentitySettings read(Path file) {
        try {
            return of(TeamFile.document(file));
        } catch (TeamFileException | IllegalArgumentException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    /// Reads what a file says.
    ///
    /// @throws Refusal with everything that is wrong with it
    public static IdentitySettings of(Value document) {
        var reading = new Reading();
        if (!(document instanceof Value.Struct fields)) {
            throw new Refusal(
                    "the settings of identity are an object with `issuer`, `audience` and `role`");
        }
        reading.known(
                fields,
                List.of(),
                List.of(
                        "issuer",
                        "audience",
                        "keys",
                        "algorithms",
                        "skew",
                        "fresh",
                        "name",
                        "tenant",
                        "role"));
        var settings = reading.settings(fields);
        if (settings == null || !reading.faults.isEmpty()) {
            throw new Refusal("the settings of identity are not sound:", reading.faults);
        }
        return settings;
    }

    /// The faults so far.
    private static final class Reading {
        private final List<Fault> faults = new ArrayList<>();

        private @Nullable IdentitySettings settings(Value.Struct fields) {
            var issuer = url(fields, "issuer", true);
            var audience = texts(fields, "audience", Set.of());
            if (audience.isEmpty()) {
                fault(
                        List.of("audience"),
                        "`audience` is missing: tokens that are for others would count here",
                        "name what the issuer writes in `aud` for this server");
            }
            var keys = url(fields, "keys", false);
            var algorithms = texts(fields, "algorithms", USUAL);
            for (var one : algorithms) {
                if (!ALGORITHMS.contains(one)) {
                    fault(
                            List.of("algorithms"),
                            "`"
                                    + one
                                    + "` is no algorithm with a key pair, and nothing else proves who signed",
                            "choose of "
                                    + ALGORITHMS.stream()
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
                }
            }
            var skew = time(fields, "skew", USUAL_SKEW, Duration.ZERO, MOST_SKEW);
            var fresh = time(fields, "fresh", USUAL_FRESH, LEAST_FRESH, MOST_FRESH);
            var name = text(fields, List.of(), "name", "sub");
            var tenant = fields.get("tenant") == null ? null : mapped(fields, "tenant");
            var role = mapped(fields, "role");
            var roles = new LinkedHashMap<String, Role>();
            role.values.forEach((value, word) -> {
                var known = Role.of(word);
                if (known.isEmpty()) {
                    fault(
                            List.of("role", "values", value),
                            "`" + word + "` is no role",
                            "write viewer, operator, approver or admin");
                }
                known.ifPresent(one -> roles.put(value, one));
            });
            if (role.values.isEmpty()) {
                fault(
                        List.of("role", "values"),
                        "`values` is missing: without it nobody may do anything",
                        "write `values: { tutti-admin: admin }`");
            }
            if (issuer == null) {
                return null;
            }
            return new IdentitySettings(
                    issuer,
                    audience,
                    keys,
                    algorithms,
                    skew,
                    fresh,
                    name,
                    tenant == null ? null : tenant.claim,
                    tenant == null ? Map.of() : tenant.values,
                    role.claim,
                    roles);
        }

        private record Mapped(String claim, Map<String, String> values) {}

        /// `{ claim: …, values: { theirs: ours } }`.
        private Mapped mapped(Value.Struct fields, String name) {
            if (!(fields.get(name) instanceof Value.Struct of)) {
                fault(
                        List.of(name),
                        "`" + name + "` is an object with `claim` and `values`",
                        "write `" + name + ": { claim: groups, values: { theirs: ours } }`");
                return new Mapped("", Map.of("", "viewer"));
            }
            known(of, List.of(name), List.of("claim", "values"));
            var values = new LinkedHashMap<String, String>();
            switch (of.get("values")) {
                case null -> {}
                case Value.Struct(var all) ->
                        all.forEach((theirs, ours) -> {
                            if (ours instanceof Value.Text(var word)) {
                                values.put(theirs, word);
                            } else {
                                fault(List.of(name, "values", theirs), "a string is needed", null);
                            }
                        });
                default -> fault(List.of(name, "values"), "`values` is an object", null);
            }
            return new Mapped(text(of, List.of(name), "claim", ""), values);
        }

        private void known(Value.Struct fields, List<String> at, List<String> names) {
            for (var name : fields.fields().keySet()) {
                if (!names.contains(name)) {
                    fault(
                            plus(at, name),
                            "there is no setting `" + name + "`",
                            "there are " + String.join(", ", names));
                }
            }
        }

        private static List<String> plus(List<String> at, String name) {
            var all = new ArrayList<>(at);
            all.add(name);
            return all;
        }

        private String text(Value.Struct fields, List<String> at, String name, String otherwise) {
            var given = fields.get(name);
            if (given instanceof Value.Text(var text) && !text.isBlank()) {
                return text.strip();
            }
            if (given != null) {
                fault(plus(at, name), "`" + name + "` is a string", null);
            } else if (otherwise.isEmpty()) {
                fault(plus(at, name), "`" + name + "` is missing", null);
            }
            return otherwise;
        }

        private Set<String> texts(Value.Struct fields, String name, Set<String> otherwise) {
            var texts = new LinkedHashSet<String>();
            var items =
                    switch (fields.get(name)) {
                        case null -> List.<Value>of();
                        case Value.Array(var many) -> many;
                        case Value one -> List.of(one);
                    };
            for (var item : items) {
                if (item instanceof Value.Text(var text) && !text.isBlank()) {
                    texts.add(text);
                } else {
                    fault(List.of(name), "`" + name + "` is a string, or a list of them", null);
                }
            }
            return fields.get(name) == null ? otherwise : texts;
        }

        private Duration time(
                Value.Struct fields,
                String name,
                Duration otherwise,
                Duration least,
                Duration most) {
            if (fields.get(name) == null) {
                return otherwise;
            }
            var time =
                    fields.get(name) instanceof Value.Text(var text)
                            ? TimeText.parse(text).orElse(null)
                            : null;
            if (time == null || time.compareTo(least) < 0 || time.compareTo(most) > 0) {
                fault(
                        List.of(name),
                        "`"
                                + name
                                + "` is a time from "
                                + least.toSeconds()
                                + "s to "
                                + most.toSeconds()
                                + "s",
                        null);
                return otherwise;
            }
            return time;
        }

        /// An address that nobody on the way can answer for: encrypted, or on this machine.
        private @Nullable URI url(Value.Struct fields, String name, boolean needed) {
            if (fields.get(name) == null) {
                if (needed) {
                    fault(
                            List.of(name),
                            "`" + name + "` is missing",
                            "write its `https://` address");
                }
                return null;
            }
            try {
                var url = URI.create(fields.get(name) instanceof Value.Text(var text) ? text : "");
                var host = String.valueOf(url.getHost());
                if ("https".equals(url.getScheme())
                        || ("http".equals(url.getScheme()) && LOOPBACK.contains(host))) {
                    return url;
                }
            } catch (IllegalArgumentException _) {
                // Told below.
            }
            fault(
                    List.of(name),
                    "`" + name + "` is not an address of this kind",
                    "write `https://…`; `http://` is for this machine only");
            return null;
        }

        private void fault(List<String> at, String message, @Nullable String help) {
            faults.add(new Fault("E-IDENTITY", message, at, null, "", help));
        }
    }
}

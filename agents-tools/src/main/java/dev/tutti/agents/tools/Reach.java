package dev.tutti.agents.tools;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which addresses may be called: those of the internet, and those of this machine and its network
/// only where a team file says `allow_private: true`. Otherwise whoever writes a team file, or
/// talks an agent into a call, could reach what only this machine should reach.
///
/// A name is judged by all addresses that it has at the moment, right before each request. The
/// connection looks the name up again; the runtime remembers addresses for some seconds, which is
/// what keeps a name from changing in between.
public record Reach(boolean allowPrivate) {
    private static final Pattern NUMBERS =
            Pattern.compile("(0x[0-9a-f]*|[0-9]+)(\\.(0x[0-9a-f]*|[0-9]+))*\\.?");
    private static final Pattern FOUR =
            Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

    /// Reads an address.
    ///
    /// @throws IllegalArgumentException when it is no address of a service, saying why
    public URI read(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("`" + text + "` is no address: " + e.getReason(), e);
        }
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "`" + text + "` does not begin with http:// or https://");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw new IllegalArgumentException(
                    "`" + text + "` has no host; write it in ASCII letters, digits, `-` and `.`");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "an address with a user in it is not called; write `headers` instead");
        }
        return uri;
    }

    /// Says nothing when a request may go there.
    ///
    /// @throws IllegalArgumentException when it may not
    /// @throws UnknownHostException when nobody knows the host now
    public void require(URI uri) throws UnknownHostException {
        var host = read(uri.toString()).getHost().toLowerCase(Locale.ROOT);
        if (allowPrivate) {
            return;
        }
        var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.equals("localhost")
                || name.endsWith(".localhost")
                || name.endsWith(".local")
                || name.endsWith(".internal")) {
            throw refused(host);
        }
        if (NUMBERS.matcher(name).matches() && !FOUR.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "`" + host + "` is a number written in an unusual way; write it as 192.0.2.1");
        }
        for (var address : InetAddress.getAllByName(host)) {
            if (isPrivate(address)) {
                throw refused(host);
            }
        }
    }

    private static IllegalArgumentException refused(String host) {
        return new IllegalArgumentException(
                "`"
                        + host
                        + "` is on this machine or in its network; write `allow_private: true` if"
                        + " that is meant");
    }

    /// Whether an address is not one of the public internet (RFC 6890 and its registries).
    static boolean isPrivate(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address _ -> isPrivate4(bytes, 0);
            case Inet6Address _ -> isPrivate6(bytes);
            default -> true;
        };
    }

    private static boolean isPrivate4(byte[] bytes, int at) {
        int a = bytes[at] & 0xFF;
        int b = bytes[at + 1] & 0xFF;
        int c = bytes[at + 2] & 0xFF;
        return a == 0
                || a == 10
                || a == 127
                || a >= 224
                || (a == 100 && b >= 64 && b < 128)
                || (a == 169 && b == 254)
                || (a == 172 && b >= 16 && b < 32)
                || (a == 192 && b == 168)
                || (a == 192 && b == 0 && (c == 0 || c == 2))
                || (a == 198 && (b == 18 || b == 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113);
    }

    private static boolean isPrivate6(byte[] bytes) {
        int first = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
        if ((first & 0xFE00) == 0xFC00) {
            return true; // unique local
        }
        if (first == 0x2002) {
            return isPrivate4(bytes, 2); // 6to4
        }
        if (first == 0x0064 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B) {
            return isPrivate4(bytes, 12); // NAT64
        }
        boolean mapped = true;
        for (int i = 0; i < 10; i++) {
            mapped &= bytes[i] == 0;
        }
        if (mapped) {
            return isPrivate4(bytes, 12); // IPv4 within, mapped or compatible
        }
        boolean documentation =
                first == 0x2001 && (bytes[2] & 0xFF) == 0x0D && (bytes[3] & 0xFF) == 0xB8;
        return documentation || (first & 0xE000) != 0x2000;
    }
}

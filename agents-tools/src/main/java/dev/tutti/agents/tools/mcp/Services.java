package dev.tutti.agents.tools.mcp;

import dev.tutti.agents.tools.mcp.ServerSettings.Place;
import dev.tutti.runtime.tool.ToolUnavailable;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;

/// Servers that are services. Each request is looked at before it goes out: a name may lead
/// elsewhere than it did.
final class Services {
    private Services() {}

    /// Messages go as the protocol's streamable HTTP says, within our bounds.
    static McpClientTransport transport(Place.Service service) {
        var request = HttpRequest.newBuilder();
        service.headers().forEach(request::header);
        var url = service.url();
        var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return HttpClientStreamableHttpTransport.builder(
                        url.getScheme() + "://" + url.getRawAuthority())
                .endpoint(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .customizeClient(http -> http.followRedirects(HttpClient.Redirect.NEVER))
                .requestBuilder(request)
                .maxResponseSize(ServerProcess.LONGEST)
                .addHttpRequestCustomizer((_, _, uri, _, _) -> {
                    try {
                        service.reach().require(uri);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .build();
    }

    /// Says why nobody can be called, before anything is tried.
    ///
    /// @throws IllegalArgumentException when it may not be called
    /// @throws ToolUnavailable when nobody knows the host now
    static void requireReachable(String name, Place.Service service) throws ToolUnavailable {
        try {
            service.reach().require(service.url());
        } catch (UnknownHostException e) {
            throw new ToolUnavailable(
                    name + ": nobody knows the host " + service.url().getHost(), null, e);
        }
    }
}

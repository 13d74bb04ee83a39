package dev.tutti.agents.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What may be called, and what may not.
class ReachTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://127.1/",
                "http://127.255.0.9/",
                "http://localhost/",
                "http://localhost./",
                "http://LOCALHOST:8080/",
                "http://a.localhost/",
                "http://0/",
                "http://0.0.0.0/",
                "http://0x7f.1/",
                "http://0x7f000001/",
                "http://2130706433/",
                "http://017700000001/",
                "http://0177.0.0.1/",
                "http://127.0.0.1./",
                "http://[::1]/",
                "http://[::]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::127.0.0.1]/",
                "http://[fd00::1]/",
                "http://[fc12::]/",
                "http://[fe80::1]/",
                "http://[fec0::1]/",
                "http://[ff02::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[2001:db8::1]/",
                "http://169.254.169.254/latest/meta-data/",
                "http://metadata.google.internal/",
                "http://printer.local/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://198.18.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://192.0.0.8/",
                "http://a@127.0.0.1/",
                "http://127.0.0.1#@ok.com/",
                "http://ok.com@127.0.0.1/",
                "http://①②⑦.0.0.1/",
                "file:///etc/passwd",
                "gopher://127.0.0.1/",
                "jar:http://a/!/b",
                "ftp://example.com/",
                "//example.com/",
                "example.com",
                "http://",
                "http:///etc",
                "http:127.0.0.1",
                "https://exa mple.com/",
                "http://127.0.0.1\\@example.com/"
            })
    void no_form_of_a_private_address_is_reached(String form) {
        var reach = new Reach(false);
        assertThatThrownBy(() -> reach.require(reach.read(form)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.32.0.1",
                "100.128.0.1",
                "2606:4700::1111",
                "64:ff9b::808:808"
            })
    void the_internet_is_reached(String address) throws UnknownHostException {
        assertThat(Reach.isPrivate(InetAddress.getByName(address))).isFalse();
        var host = address.contains(":") ? "[" + address + "]" : address;
        assertThatCode(() ->
                        new Reach(false).require(new Reach(false).read("https://" + host + "/")))
                .doesNotThrowAnyException();
    }

    @Test
    void what_is_private_is_reached_where_that_is_meant() {
        var reach = new Reach(true);
        assertThatCode(() -> reach.require(reach.read("http://127.0.0.1:1/")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new Reach(false).require(reach.read("http://127.0.0.1:1/")))
                .hasMessage(
                        "`127.0.0.1` is on this machine or in its network; write `allow_private: true`"
                                + " if that is meant");
    }
}

package dev.tutti.agents.llm.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PriceTest {
    private static Price price(Map<String, ?> written) {
        return Price.of((Value.Struct) Value.from(written));
    }

    @Test
    void what_is_read_from_a_cache_and_what_is_put_there_have_prices_of_their_own() {
        var price =
                price(Map.of("input", 3, "output", 15, "cached_input", 0.3, "cache_write", 3.75));
        // 40 x 3 + 50 x 0.3 + 10 x 3.75 + 20 x 15 dollars for a million
        assertThat(price.of(new Tokens(100, 50, 10, 20))).isEqualTo(Money.of("0.0004725"));
    }

    @Test
    void without_them_all_input_costs_the_same() {
        var price = price(Map.of("input", 3, "output", 15));
        assertThat(price.of(new Tokens(100, 50, 10, 20))).isEqualTo(Money.of("0.0006"));
    }
}

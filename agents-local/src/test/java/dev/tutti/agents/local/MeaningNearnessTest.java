package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.runtime.agent.Nearness;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class MeaningNearnessTest {

    @Test
    void of_many_skills_those_that_a_goal_needs_are_among_the_nearest_whatever_their_words() {
        var texts = new ArrayList<String>();
        for (var thing : List.of("invoice", "parcel", "garden", "song", "engine", "recipe")) {
            for (var deed : List.of("Deletes a ", "Renames a ", "Paints a ", "Counts each ")) {
                texts.add(deed + thing);
            }
        }
        texts.add("weather lookup: tells if it will rain at a place");
        texts.add("book flight: reserves a seat on an aeroplane");
        var nearest =
                new MeaningNearness().nearest("Fly me to Rome, unless there is a storm", texts, 2);
        assertThat(nearest).containsExactlyInAnyOrder(texts.size() - 1, texts.size() - 2);
    }

    @Test
    void it_is_found_where_it_is_installed() {
        assertThat(ServiceLoader.load(Nearness.class))
                .hasAtLeastOneElementOfType(MeaningNearness.class);
    }
}

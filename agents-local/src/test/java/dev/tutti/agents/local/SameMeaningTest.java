package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.SameMeaning;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Answers of agents in other words, by embeddings of this machine: the same ones, and others about
/// the same thing.
class SameMeaningTest {
    private static final String[][] SAME = {
        {"The meeting was moved to Friday", "They shifted the meeting to Friday"},
        {"The server ran out of memory", "There was not enough memory on the server"},
        {"Paris is the capital of France", "The capital city of France is Paris"},
        {"The invoice was paid in March", "Payment of the invoice was made in March"},
        {"The bug is caused by a race condition", "A race condition is what causes the bug"},
        {"Sales grew because of the new product", "The new product led to growth in sales"},
        {
            "The patient should drink more water",
            "It is recommended that the patient drink more water"
        },
        {
            "The ship sank after it hit an iceberg",
            "The ship went down after colliding with an iceberg"
        },
        {"The contract ends in two years", "In two years the contract will expire"},
        {"Use a queue between the services", "Put a queue in between the services"},
        {"The disk is full", "There is no space left on the disk"},
        {"Bees are dying because of pesticides", "Pesticides are killing the bees"},
        {"The company was founded by Ada Stone", "Ada Stone founded the company"},
        {"The customer wants a refund", "The client asks for their money back"},
        {"The flight is delayed by 2 hours", "The flight has a delay of 2 hours"},
        {"Restart the router", "The router should be restarted"},
        {"The password was stolen by phishing", "Phishing was used to steal the password"},
        {"Prices rose by 5 % in 2020", "In 2020 prices went up 5 %"},
        {"The author is Jane Austen", "It was written by Jane Austen"},
        {"The test fails on Windows", "On Windows the test fails"},
        {"The library is licensed under MIT", "The licence of the library is MIT"},
        {"The order was cancelled by the customer", "The customer cancelled the order"},
        {"Mercury is the planet nearest to the sun", "The closest planet to the sun is Mercury"},
        {
            "The cable between the houses is broken",
            "The broken part is the cable between the houses"
        },
    };

    private static final String[][] OTHER = {
        {"The meeting was moved to Friday", "The meeting was moved to Monday"},
        {"The server ran out of memory", "The server ran out of disk space"},
        {"Paris is the capital of France", "Lyon is the capital of France"},
        {"The invoice was paid in March", "The invoice was not paid in March"},
        {"The bug is caused by a race condition", "The bug is caused by a null pointer"},
        {"Sales grew because of the new product", "Sales fell because of the new product"},
        {"The patient should drink more water", "The patient should drink less water"},
        {"The ship sank after it hit an iceberg", "The ship sank after a fire on board"},
        {"The contract ends in two years", "The contract ends in three years"},
        {"Use a queue between the services", "Use a shared database between the services"},
        {"The disk is full", "The disk is broken"},
        {"Bees are dying because of pesticides", "Bees are dying because of mites"},
        {"The company was founded by Ada Stone", "The company was founded by Max Reed"},
        {"The customer wants a refund", "The customer wants a replacement"},
        {"The flight is delayed by 2 hours", "The flight is delayed by 3 hours"},
        {"Restart the router", "Replace the router"},
        {"The password was stolen by phishing", "The password was guessed"},
        {"Prices rose by 5 % in 2020", "Prices rose by 5 % in 2021"},
        {"The author is Jane Austen", "The author is Emily Bronte"},
        {"The test fails on Windows", "The test fails on Linux"},
        {"The library is licensed under MIT", "The library is licensed under Apache"},
        {"The order was cancelled by the customer", "The order was cancelled by the shop"},
        {"Mercury is the planet nearest to the sun", "Venus is the planet nearest to the sun"},
        {"The claim is supported", "The claim is unsupported"},
    };

    /// Written after the guards were, which were made looking at those above.
    private static final String[][] SAME_ANEW = {
        {"Mozart wrote the opera in 1787", "The opera was composed in 1787 by Mozart"},
        {"The deadline is the end of June", "It has to be finished by the end of June"},
        {"We should hire two more engineers", "Two additional engineers ought to be hired"},
        {"The fire started in the kitchen", "It was in the kitchen that the fire began"},
        {"The medicine lowers blood pressure", "Blood pressure is reduced by the medicine"},
        {"The request timed out at the gateway", "The gateway gave up waiting for the request"},
        {"Add an index on the email column", "The email column needs an index"},
        {"The lake is the deepest in the world", "No lake in the world is deeper"},
        {"The team did not reach its goal", "The goal was not reached by the team"},
        {"Heat the oven to 200 degrees", "The oven has to be heated to 200 degrees"},
        {"The letter was lost in the mail", "The post office lost the letter"},
        {"Version 3 drops support for Java 8", "Java 8 is no longer supported in version 3"},
    };

    private static final String[][] OTHER_ANEW = {
        {"Mozart wrote the opera in 1787", "Salieri composed the opera in 1787"},
        {"The deadline is the end of June", "The deadline is the middle of July"},
        {"We should hire two more engineers", "We should let two engineers go"},
        {"The fire started in the kitchen", "The fire started in the garage next door"},
        {"The medicine lowers blood pressure", "The medicine raises the blood pressure"},
        {"The request timed out at the gateway", "The request was refused by the gateway"},
        {"Add an index on the email column", "Drop the index on the email column"},
        {"The lake is the deepest in the world", "The lake is the largest one in the world"},
        {"The team did not reach its goal", "The team reached its goal in the end"},
        {"Heat the oven to 200 degrees", "Let the oven cool down from 200 degrees"},
        {"The letter was lost in the mail", "The letter was never sent"},
        {"Version 3 drops support for Java 8", "Version 3 adds support for Java 8 again"},
    };

    private final LocalMeaning meaning = new LocalMeaning();

    private double nearness(Value one, Value other) {
        var first = meaning.of(((Value.Text) one).value());
        var second = meaning.of(((Value.Text) other).value());
        double product = 0;
        for (int i = 0; i < first.length; i++) {
            product += first[i] * second[i];
        }
        return product;
    }

    private int found(List<String[][]> sets) {
        var likeness = new SameMeaning(this::nearness);
        return (int)
                sets.stream()
                        .flatMap(Arrays::stream)
                        .filter(pair -> likeness.same(Value.text(pair[0]), Value.text(pair[1])))
                        .count();
    }

    @Test
    void many_in_other_words_are_the_same_and_none_that_says_something_else_is() {
        int same = found(List.of(SAME, SAME_ANEW));
        int other = found(List.of(OTHER, OTHER_ANEW));
        System.out.printf(
                "same meaning: %d of %d found, %d of %d others taken for the same%n",
                same, SAME.length + SAME_ANEW.length, other, OTHER.length + OTHER_ANEW.length);

        assertThat(other).isZero();
        assertThat(same).isGreaterThanOrEqualTo(15);
    }
}

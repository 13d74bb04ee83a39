package dev.tutti.simulation.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.core.goal.Terms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Learned dispatch among nine models that answer three thousand questions, in ten orders. Each
/// figure is a mean over the orders; `docs/dispatch.md` reports them.
class RoutingTest {
    private static final int ORDERS = 10;
    private static final int LAST = 1_000;
    private static final int HALF = 1_407;

    /// After a change, so many questions may be answered worse.
    private static final int RECOVERY = 300;

    private static Optional<Answers> answers = Optional.empty();

    @BeforeAll
    static void read() throws IOException {
        answers = Answers.read();
    }

    private static Answers answers() {
        assumeTrue(answers.isPresent(), "answers of models are not at hand");
        return answers.orElseThrow();
    }

    private static List<Routing.Course> courses(
            Terms.Worth worth, boolean content, int... swapped) {
        return courses(answers(), worth, content, swapped);
    }

    private static List<Routing.Course> courses(
            Answers answers, Terms.Worth worth, boolean content, int... swapped) {
        var courses = new ArrayList<Routing.Course>();
        for (int order = 1; order <= ORDERS; order++) {
            courses.add(new Routing(answers, worth, content).run(order, swapped));
        }
        return courses;
    }

    private static double mean(List<Routing.Course> courses, int from, int to) {
        return courses.stream()
                .mapToDouble(course -> course.mean(from, to))
                .average()
                .orElseThrow();
    }

    /// The score of the model that is best over all questions, in the last of each order.
    private static double single() {
        int best = Routing.bestSingle(answers().questions());
        double sum = 0;
        for (int order = 1; order <= ORDERS; order++) {
            var questions = answers().shuffled(order);
            sum +=
                    questions.subList(questions.size() - LAST, questions.size()).stream()
                            .mapToDouble(question -> question.scores()[best])
                            .average()
                            .orElseThrow();
        }
        return sum / ORDERS;
    }

    private static int end() {
        return answers().questions().size();
    }

    private static void say(String format, Object... figures) {
        System.out.printf(Locale.ROOT, "routing: " + format + "%n", figures);
    }

    @Test
    void
            with_what_questions_are_about_the_last_thousand_go_better_than_with_the_best_model_alone() {
        var with = courses(Routing.worth("1000", 0.25), true);
        double last = mean(with, end() - LAST, end());
        say("last 1,000 with content %.4f, best single %.4f", last, single());
        assertThat(last).isGreaterThanOrEqualTo(single());
    }

    @Test
    void without_it_the_last_thousand_go_nearly_as_well_as_with_the_best_model_alone() {
        var without = courses(Routing.worth("1000", 0.25), false);
        double last = mean(without, end() - LAST, end());
        say("last 1,000 without content %.4f", last);
        assertThat(last).isGreaterThan(single() - 0.02);
    }

    @Test
    void with_their_words_alone_it_goes_no_worse_than_without() {
        double last =
                mean(
                        courses(answers().byWords(), Routing.worth("1000", 0.25), true),
                        end() - LAST,
                        end());
        say("last 1,000 with words %.4f", last);
        assertThat(last).isGreaterThan(single() - 0.02);
    }

    @Test
    void when_two_models_change_places_it_is_as_before_within_300_questions() {
        var models = answers().models();
        int best = Routing.bestSingle(answers().questions());
        int worst = models.indexOf("llama3-chatqa-1.5-8b");
        var changed = courses(Routing.worth("1000", 0.25), true, best, worst);
        var unchanged = courses(Routing.worth("1000", 0.25), true);
        double meanwhile = mean(changed, HALF, HALF + RECOVERY);
        double after = mean(changed, HALF + RECOVERY, end());
        double otherwise = mean(unchanged, HALF + RECOVERY, end());
        say("changed: first 300 %.4f, then %.4f, unchanged %.4f", meanwhile, after, otherwise);
        assertThat(after).isGreaterThan(0.95 * otherwise);
    }

    @Test
    void the_less_a_result_is_worth_the_less_is_paid_for_it() {
        double before = Double.POSITIVE_INFINITY;
        for (var worth : List.of("1000", "0.01", "0.003", "0.001")) {
            var courses = courses(Routing.worth(worth, 0.25), true);
            double usd = courses.stream().mapToDouble(Routing.Course::usd).average().orElseThrow();
            say(
                    "worth $%s: last 1,000 %.4f for $%.6f",
                    worth, mean(courses, end() - LAST, end()), usd);
            assertThat(usd).isLessThan(before);
            before = usd;
        }
    }
}

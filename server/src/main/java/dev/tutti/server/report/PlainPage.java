package dev.tutti.server.report;

import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Answer;
import dev.tutti.view.Figures;
import dev.tutti.view.Overview;
import dev.tutti.view.RunSentence;
import dev.tutti.view.Sentences;
import dev.tutti.view.Standing;
import dev.tutti.view.TaskOverview;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A run as markup that needs no script: what state and why, the picture, the tasks, the record.
final class PlainPage {
    private static final int MOST_ITEMS = 20;
    private static final int LONGEST = 20_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private final History history;
    private final Overview overview;
    private final Html html;

    private PlainPage(History history, Html html) {
        this.history = history;
        this.html = html;
        overview = history.overview();
    }

    /// Writes what belongs into the body of a page.
    static void write(History history, Html html) {
        new PlainPage(history, html).write();
    }

    private void write() {
        header(goal(overview));
        output();
        html.markup("<h2>Plan</h2>\n");
        GraphDrawing.write(overview, html);
        html.markup("<h2>Timeline</h2>\n");
        TimelineDrawing.write(history, html);
        tasks();
        journal();
        html.markup(
                "<footer>Exported by Tutti from the journal of run {}. Nothing on this page is loaded from elsewhere.</footer>\n",
                overview.run());
    }

    static String goal(Overview overview) {
        return overview.state().started() ? overview.state().asked().name() : "";
    }

    private void header(String goal) {
        var state = overview.state();
        var shown = State.of(state.status());
        html.markup(
                "<header>\n<p class=crumb>run <b>{}</b></p>\n<h1>{}</h1>\n", overview.run(), goal);
        html.markup(
                "<p class=\"status {}\"><span class=icon>{}</span> {}</p>\n",
                shown.css(),
                shown.icon(),
                RunSentence.of(overview, overview.lastAt()));
        html.markup("<dl class=facts>\n");
        fact("started", Figures.instant(overview.startedAt()) + " by " + overview.actor());
        fact("took", Figures.took(overview.took(overview.lastAt())));
        fact(
                "tasks",
                Figures.count(overview.finished()) + " of " + Figures.count(overview.total()));
        var usage = Figures.usage(state.usage());
        fact("cost", usage.isEmpty() ? "nothing" : usage);
        fact("events", Figures.count(state.sequence()));
        html.markup("</dl>\n");
        if (state.started() && !state.asked().inputs().fields().isEmpty()) {
            data("inputs", state.asked().inputs(), true);
        }
        html.markup("</header>\n");
    }

    private void fact(String name, String value) {
        html.markup("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
    }

    private void output() {
        var state = overview.state();
        if (state.status() != Status.SUCCEEDED) {
            return;
        }
        html.markup("<h2>Result</h2>\n<div class=answer>");
        var answer = Answer.of(state.output());
        answer.ifPresentOrElse(
                this::answer, () -> html.markup("<pre>{}</pre>", cut(Json.pretty(state.output()))));
        html.markup("</div>\n");
        if (answer.isPresent()) {
            data("as JSON", state.output(), false);
        }
    }

    private void answer(Answer answer) {
        html.markup("<div class=prose>{}</div>", cut(answer.text()));
        if (answer.sources().isEmpty()) {
            return;
        }
        html.markup("<ol class=sources>\n");
        for (var source : answer.sources()) {
            html.markup("<li>{}", source.name());
            source.quotes().forEach(quote -> html.markup("<div class=quiet>{}</div>", quote));
            html.markup("</li>\n");
        }
        html.markup("</ol>\n");
    }

    // ---- tasks

    private void tasks() {
        html.markup(
                "<h2>Tasks</h2>\n<div class=scroll><table>\n<thead><tr><th>state<th>task<th>agent<th class=n>attempts"
                        + "<th class=n>took<th class=n>cost<th>what came of it</tr></thead>\n<tbody>\n");
        overview.tasks().forEach(this::task);
        html.markup("</tbody>\n</table></div>\n");
    }

    private void task(TaskOverview task) {
        var shown = State.of(task.standing());
        html.markup(
                "<tr><td class=\"state {}\"><span class=icon>{}</span> {}<td><b>{}</b>",
                shown.css(),
                shown.icon(),
                task.standing().word(),
                task.name());
        if (task.isFanOut()) {
            html.markup(
                    " <span class=quiet>×{}</span>", task.items().map(Figures::count).orElse("?"));
        }
        html.markup(
                "<td>{}<td class=n>{}<td class=n>{}<td class=n>{}<td>",
                String.join(", ", task.agents().stream().map(agent -> agent.value()).toList()),
                task.attempts() == 0 ? "" : Figures.count(task.attempts()),
                task.took(overview.lastAt()).map(Figures::took).orElse(""),
                Figures.usage(task.usage()));
        html.text(outcome(task));
        if (task.isFanOut()) {
            items(task);
        } else {
            inside(TaskId.of(task.name()), history.attempts(task.name()));
        }
        html.markup("</tr>\n");
    }

    private static String outcome(TaskOverview task) {
        return switch (task.standing()) {
            case FAILED -> task.failure().map(Sentences::failure).orElse("");
            case SKIPPED -> task.skipped();
            case SUCCEEDED -> task.output().flatMap(Sentences::summary).orElse("");
            case WAITING, READY, RUNNING, BACKING_OFF, HELD, CANCELLED, NOT_RUN -> "";
        };
    }

    /// The items with the most attempts: those worth a look.
    private void items(TaskOverview task) {
        var byItem =
                history.attempts(task.name()).stream()
                        .collect(Collectors.groupingBy(History.Attempt::task));
        var worst =
                byItem.entrySet().stream()
                        .sorted(
                                Comparator.comparingInt(
                                                (Map.Entry<TaskId, List<History.Attempt>> one) ->
                                                        -one.getValue().size())
                                        .thenComparingInt(one -> one.getKey().item()))
                        .limit(MOST_ITEMS)
                        .toList();
        html.markup(
                "<details><summary>{} of {}, those with the most attempts first</summary>\n",
                Figures.count(worst.size()),
                Figures.count(task.items().orElse(0), "item"));
        for (var item : worst) {
            html.markup("<div class=item><b>{}</b>", item.getKey());
            inside(item.getKey(), item.getValue());
            html.markup("</div>\n");
        }
        html.markup("</details>\n");
    }

    private void inside(TaskId task, List<History.Attempt> attempts) {
        if (attempts.size() > 1
                || attempts.stream().anyMatch(attempt -> attempt.failure() != null)) {
            html.markup("<ol class=attempts>\n");
            attempts.forEach(this::attempt);
            html.markup("</ol>\n");
        }
        data("input", history.input(task), false);
        data("output", history.output(task), false);
    }

    private void attempt(History.Attempt attempt) {
        var failure = attempt.failure();
        var end = attempt.endedAt() == null ? overview.lastAt() : attempt.endedAt();
        var shown =
                State.of(
                        failure != null
                                ? Standing.FAILED
                                : attempt.endedAt() == null
                                        ? Standing.RUNNING
                                        : Standing.SUCCEEDED);
        html.markup(
                "<li><span class={}>{}</span> {}, {}{}</li>\n",
                shown.css(),
                shown.icon(),
                attempt.agent(),
                Figures.took(between(attempt.begunAt(), end)),
                failure == null ? "" : ": " + Sentences.failure(failure));
    }

    private static Duration between(Instant from, Instant to) {
        return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
    }

    private void data(String name, @Nullable Value value, boolean open) {
        if (value == null || value instanceof Value.Null || value.equals(Value.Struct.EMPTY)) {
            return;
        }
        html.markup(open ? "<details open>" : "<details>")
                .markup(
                        "<summary>{}</summary><pre>{}</pre></details>\n",
                        name,
                        cut(Json.pretty(value)));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST)
                        + "\n… "
                        + Figures.count(text.length() - LONGEST)
                        + " characters more";
    }

    // ---- the record

    private void journal() {
        html.markup(
                "<details class=journal><summary><h2>Journal</h2> {}</summary>\n",
                Figures.count(overview.state().sequence(), "event"));
        html.markup(
                "<div class=scroll><table>\n<thead><tr><th class=n>#<th>time, UTC<th>stage<th>task<th>what<th>by</tr></thead>\n<tbody>\n");
        long[] expected = {1};
        history.journal()
                .forEach(entry -> {
                    if (entry.sequence() != expected[0]) {
                        html.markup(
                                "<tr><td colspan=6 class=quiet>{} more events are not on this page</tr>\n",
                                Figures.count(history.leftOut()));
                    }
                    expected[0] = entry.sequence() + 1;
                    var said = Sentences.of(Runs.event(entry));
                    html.markup(
                            "<tr><td class=n>{}<td class=time>{}<td class=stage>{}<td>{}<td>{}<td class=quiet>{}</tr>\n",
                            entry.sequence(),
                            TIME.format(entry.event().at()),
                            said.stage(),
                            said.task(),
                            said.sentence(),
                            entry.event().actor());
                });
        html.markup("</tbody>\n</table></div></details>\n");
    }
}

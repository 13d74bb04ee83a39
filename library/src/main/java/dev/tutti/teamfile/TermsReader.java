package dev.tutti.teamfile;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.goal.Terms.Choice;
import dev.tutti.core.goal.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads on which terms tasks are given away: how agents are chosen, what they need beside a place,
/// and what is shared.
final class TermsReader {
    /// As team files write ways to choose.
    private static final List<String> WAYS =
            List.of("best", "learned", "cheapest", "fastest", "round_robin", "auction", "claim");

    /// As team files write what tasks are told apart by.
    private static final List<String> CONTENTS = List.of("none", "words", "meaning");

    private static final Pattern CUSTOM = Pattern.compile("custom/[a-z][a-z0-9_]{0,60}");

    private static final int MOST_PRIORITY = 1_000;
    private static final int MOST_WEIGHT = 1_000;
    private static final int MOST_SLOTS = 1_000_000;
    private static final int MOST_CPUS = 4_096;
    private static final Pattern RATE =
            Pattern.compile("([0-9]{1,9})\\s*/\\s*(s|sec|min|m|h|d|[0-9]{1,6}(?:s|m|h))");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})\\s*(KiB|MiB|GiB|TiB)");

    private final Report report;
    private final AuctionReader auctions;
    private final Map<String, Choice> workflows = new LinkedHashMap<>();
    private final Map<String, Double> weights = new LinkedHashMap<>();
    private final List<AgentId> agents = new ArrayList<>();
    private final List<Terms.Quota> quotas = new ArrayList<>();
    private final Map<AgentId, Terms.OfAgent> needs = new LinkedHashMap<>();
    private final Map<Terms.Place, Terms.OfTask> tasks = new LinkedHashMap<>();
    private Choice choice = Choice.ROUND_ROBIN;
    private Terms.Worth worth = Terms.Worth.DEFAULT;
    private MatchReader.Match match = MatchReader.Match.BY_NAME;

    TermsReader(Report report) {
        this.report = report;
        auctions = new AuctionReader(report);
    }

    /// How skills are found that no agent has by their name.
    MatchReader.Match match() {
        return match;
    }

    Terms terms() {
        return new Terms(choice, worth, quotas, tasks, needs, workflows, weights, match.above());
    }

    /// What does not fit together, once everything is read.
    void check(List<Workflow> read, List<Agent> known) {
        auctions.check(read, known, terms());
    }

    /// What a workflow says of all its tasks.
    void workflow(String name, Section section) {
        if (auctions.isDecentralized(section)) {
            workflows.put(name, choice.isByAgents() ? choice : Choice.of(Terms.Way.AUCTION));
        }
        weight(section).ifPresent(weight -> weights.put(name, weight));
    }

    /// Which part of the places its runs have, compared with the runs of other workflows.
    private Optional<Double> weight(Section section) {
        var value = section.value("weight").orElse(Value.NULL);
        double weight = number(value);
        if (value instanceof Value.Null) {
            return Optional.empty();
        }
        if (!(weight > 0) || weight > MOST_WEIGHT) {
            report.add(
                    "E-SHAPE-01",
                    "`weight` is a number above 0, up to " + MOST_WEIGHT + ", such as 2",
                    section.at("weight"),
                    "no weight",
                    null);
            return Optional.empty();
        }
        return Optional.of(weight);
    }

    private static double number(Value value) {
        return switch (value) {
            case Value.Int(var whole) -> whole;
            case Value.Real(var real) -> real;
            case Value.Null _, Value.Bool _, Value.Text _, Value.Array _, Value.Struct _ ->
                    Double.NaN;
        };
    }

    /// What the file as a whole says.
    ///
    /// @param known the agents of the team
    void read(Section file, List<Agent> known) {
        known.forEach(agent -> agents.add(agent.id()));
        file.named("quotas", "quotas", new Names(report, false, Set.of(), true))
                .forEach(
                        (name, value) -> quota(name, value, Report.below(file.at("quotas"), name)));
        team(file);
        file.named("agents", "agents", new Names(new Report(), false, Set.of(), false))
                .forEach(
                        (name, value) -> agent(name, value, Report.below(file.at("agents"), name)));
    }

    // ---- quotas

    private void quota(String name, Value value, List<String> at) {
        Section.struct(value, at, "an object such as `{ requests: 500/min }`", report)
                .map(content -> new Section(content, Keys.QUOTA, at, report))
                .ifPresent(section -> {
                    if (Keys.QUOTA.known().stream().noneMatch(section::has)) {
                        section.missing("requests", "500/min");
                    }
                    quotas.add(
                            new Terms.Quota(
                                    name,
                                    rate(section, "requests").orElse(null),
                                    rate(section, "tokens").orElse(null),
                                    section.whole("slots", 1, MOST_SLOTS).orElse(null),
                                    size(section).orElse(null)));
                });
    }

    private Optional<Terms.Rate> rate(Section section, String key) {
        return written(section, key, "how many in which time, such as `500/min`")
                .flatMap(text -> {
                    var matcher = RATE.matcher(text.strip());
                    if (matcher.matches() && Long.parseLong(matcher.group(1)) > 0) {
                        var per = per(matcher.group(2));
                        if (per.isPositive()) {
                            return Optional.of(
                                    new Terms.Rate(Long.parseLong(matcher.group(1)), per));
                        }
                    }
                    report.add(
                            "E-QUOTA-01",
                            "`"
                                    + DisplayWidth.shown(text)
                                    + "` does not say how many in which time",
                            section.at(key),
                            "no rate",
                            "write `500/min`, or with `/s`, `/h`, `/d`, `/30s`");
                    return Optional.empty();
                });
    }

    /// A text, or the text of a number that lacks what must follow it.
    private static Optional<String> written(Section section, String key, String what) {
        return section.value(key).orElse(Value.NULL) instanceof Value.Int(var number)
                ? Optional.of(Long.toString(number))
                : section.text(key, what);
    }

    private static Duration per(String unit) {
        return switch (unit) {
            case "s", "sec" -> Duration.ofSeconds(1);
            case "min", "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> {
                long count = Long.parseLong(unit.substring(0, unit.length() - 1));
                yield per(unit.substring(unit.length() - 1)).multipliedBy(count);
            }
        };
    }

    private Optional<Long> size(Section section) {
        return written(section, "memory", "a size such as `512MiB`")
                .flatMap(text -> {
                    var matcher = SIZE.matcher(text.strip());
                    if (matcher.matches() && Long.parseLong(matcher.group(1)) > 0) {
                        long count = Long.parseLong(matcher.group(1));
                        int shift =
                                switch (matcher.group(2)) {
                                    case "KiB" -> 10;
                                    case "MiB" -> 20;
                                    case "GiB" -> 30;
                                    default -> 40;
                                };
                        if (count <= Long.MAX_VALUE >> shift) {
                            return Optional.of(count << shift);
                        }
                    }
                    report.add(
                            "E-QUOTA-02",
                            "`" + DisplayWidth.shown(text) + "` is not a size",
                            section.at("memory"),
                            "no size",
                            "write `512MiB`, or with `KiB`, `GiB`");
                    return Optional.empty();
                });
    }

    // ---- agents

    private void agent(String name, Value value, List<String> at) {
        if (!(value instanceof Value.Struct content)) {
            return;
        }
        var bid = auctions.bid(new Section(only(content, "bid"), Keys.AGENT, at, report));
        var section = new Section(only(content, "needs"), Keys.AGENT, at, report);
        var named = section.words("needs", "the name of a quota, or a list of them");
        for (var need : named) {
            if (quotas.stream().noneMatch(quota -> quota.name().equals(need))) {
                var known = quotas.stream().map(Terms.Quota::name).toList();
                report.add(
                        "E-REF-13",
                        "the team has no quota `" + DisplayWidth.shown(need) + "`",
                        section.at("needs"),
                        "unknown quota",
                        Similar.to(need, known).map(near -> "write `" + near + "`").orElse(null));
            }
        }
        double cpu = 0;
        long memory = 0;
        if (content.get("limits") instanceof Value.Struct limits) {
            var below = section.at("limits");
            cpu = cpu(new Section(only(limits, "cpu"), Keys.LIMITS, below, report));
            memory =
                    size(new Section(only(limits, "memory"), Keys.LIMITS, below, report))
                            .orElse(0L);
        }
        if (!named.isEmpty() || cpu > 0 || memory > 0 || !bid.fields().isEmpty()) {
            needs.put(new AgentId(name), new Terms.OfAgent(named, cpu, memory, bid));
        }
    }

    private static Value.Struct only(Value.Struct struct, String key) {
        var value = struct.get(key);
        return value == null ? Value.Struct.EMPTY : Value.struct(key, value);
    }

    private double cpu(Section limits) {
        var value = limits.value("cpu").orElse(Value.NULL);
        double cpu = number(value);
        if (value instanceof Value.Null) {
            return 0;
        }
        if (!(cpu > 0) || cpu > MOST_CPUS) {
            report.add(
                    "E-SHAPE-01",
                    "`cpu` is a number of processors above 0, such as 0.5",
                    limits.at("cpu"),
                    "no number of processors",
                    null);
            return 0;
        }
        return cpu;
    }

    // ---- choosing

    private void team(Section file) {
        if (file.value("dispatch").orElse(Value.NULL) instanceof Value.Text) {
            choice = choice(file, "dispatch", false).orElse(choice);
            return;
        }
        file.struct("dispatch", "a word such as `learned`, or an object")
                .map(content -> new Section(content, Keys.DISPATCH, file.at("dispatch"), report))
                .ifPresent(section -> {
                    choice = bidding(section, false).orElse(choice);
                    match = new MatchReader(report).read(section);
                    var standard = Terms.Worth.DEFAULT;
                    worth =
                            new Terms.Worth(
                                    section.money("worth")
                                            .filter(usd -> isSome(usd, section))
                                            .orElse(standard.result()),
                                    section.money("hour").orElse(standard.hour()),
                                    share(section).orElse(standard.explore()),
                                    content(section).orElse(standard.content()));
                });
    }

    private Optional<Terms.Content> content(Section section) {
        return section.text("content", "`words`, `meaning` or `none`")
                .flatMap(word -> {
                    if (CONTENTS.contains(word)) {
                        return Optional.of(Terms.Content.valueOf(word.toUpperCase(Locale.ROOT)));
                    }
                    report.unknownWord(word, section.at("content"), CONTENTS);
                    return Optional.empty();
                });
    }

    private boolean isSome(Money usd, Section section) {
        if (usd.usd().signum() == 0) {
            report.add(
                    "E-SHAPE-01",
                    "a result that is worth nothing cannot be weighed against what it costs",
                    section.at("worth"),
                    "nothing",
                    null);
        }
        return usd.usd().signum() > 0;
    }

    private Optional<Double> share(Section section) {
        var value = section.value("explore").orElse(Value.NULL);
        double share = number(value);
        if (share >= 0 && share <= 1) {
            return Optional.of(share);
        }
        if (!(value instanceof Value.Null)) {
            report.add(
                    "E-SHAPE-01",
                    "`explore` is a share from 0 to 1, such as 0.25",
                    section.at("explore"),
                    "no share",
                    null);
        }
        return Optional.empty();
    }

    /// A way with what holds of bids.
    private Optional<Choice> bidding(Section section, boolean named) {
        return choice(section, "by", named)
                .map(one ->
                        new Choice(
                                one.way(),
                                one.agent(),
                                auctions.bidding(section, one.way()),
                                one.policy()));
    }

    /// What a task says: a word, or an object with what holds of bids on it.
    private Optional<Choice> own(Section section) {
        if (!(section.value("dispatch").orElse(Value.NULL) instanceof Value.Struct content)) {
            return choice(section, "dispatch", true);
        }
        var below = new Section(content, Keys.BIDS, section.at("dispatch"), report);
        if (!below.has("by")) {
            below.missing("by", "auction");
        }
        return bidding(below, true);
    }

    private Optional<Choice> choice(Section section, String key, boolean named) {
        return section.text(key, "a word such as `learned`")
                .flatMap(word -> {
                    if (WAYS.contains(word)) {
                        return Optional.of(
                                Choice.of(Terms.Way.valueOf(word.toUpperCase(Locale.ROOT))));
                    }
                    if (CUSTOM.matcher(word).matches()) {
                        return Optional.of(Choice.custom(word.substring(word.indexOf('/') + 1)));
                    }
                    var known = new ArrayList<>(WAYS);
                    if (named) {
                        agents.forEach(agent -> known.add(agent.value()));
                        for (var agent : agents) {
                            if (agent.value().equals(word)) {
                                return Optional.of(Choice.of(agent));
                            }
                        }
                    }
                    report.unknownWord(word, section.at(key), known);
                    return Optional.empty();
                });
    }

    /// What a task says.
    void task(String workflow, String name, Value value, List<String> at) {
        if (!(value instanceof Value.Struct content)) {
            return;
        }
        if (Ensembles.is(value) && content.get("skill") == null) {
            nothingToChoose(at);
        }
        var said = new LinkedHashMap<String, Value>();
        for (var key : List.of("dispatch", "priority")) {
            var own = content.get(key);
            if (own != null && !own.equals(Value.text(Ensembles.ALL))) {
                said.put(key, own);
            }
        }
        if (said.isEmpty()) {
            return;
        }
        var section = new Section(new Value.Struct(said), Keys.TASK, at, report);
        @Nullable Choice own = own(section).orElse(null);
        if (own != null && !own.isByAgents() && content.get("skill") == null) {
            nothingToChoose(at);
        }
        int priority = section.whole("priority", -MOST_PRIORITY, MOST_PRIORITY).orElse(0);
        tasks.put(
                new Terms.Place(workflow, name),
                new Terms.OfTask(
                        own == null ? workflows.getOrDefault(workflow, choice) : own, priority));
    }

    private void nothingToChoose(List<String> at) {
        report.add(
                "E-KEY-03",
                "`dispatch` chooses among those who have a skill, and this task names none",
                Report.below(at, "dispatch"),
                "nothing to choose",
                "remove `dispatch`");
    }
}

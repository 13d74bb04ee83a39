package dev.tutti.runtime.engine;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.dispatch.Switched;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.Board;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Enlisted;
import dev.tutti.runtime.topic.Posted;
import dev.tutti.runtime.topic.Recent;
import dev.tutti.runtime.topic.Subscription;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topics of a store, who waits for their messages, and which agents are switched off: what all
/// runs share. What a message leads to is in the same commit as the message, under ids that follow
/// from its place: so each reaction happens, and happens once.
final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    /// The topics' share of one commit: requests beyond this wait for the next.
    private static final int MOST_REQUESTS = 2_000;

    /// Topics whose newest messages are remembered; the least used are read again when wanted.
    private static final int MOST_REMEMBERED = 16;

    private static final int MOST_TOPICS = 10_000;
    private static final int MOST_TRIGGERS = 10_000;

    private final JournalReader journal;
    private final Expressions expressions;
    private final long epoch;
    private final Deque<Input.Asked> waiting = new ArrayDeque<>();
    private final Map<StreamId, Recent> recent =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<StreamId, Recent> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };
    private final Lots lots = new Lots();
    private final Boards boards;
    private final Triggering triggering;
    private final Teams teams;
    private final Switching switching;
    private final List<Deed> answers = new ArrayList<>();

    /// Takes note of what people switch.
    @FunctionalInterface
    interface Switching {
        /// A person has switched an agent.
        ///
        /// @return whether it is carried out now, and was not before
        boolean switched(Switched fact, Instant at, String by, String request);
    }

    Topics(
            JournalReader journal,
            Expressions expressions,
            Teams teams,
            long epoch,
            Switching switching) {
        this.journal = journal;
        this.expressions = expressions;
        this.teams = teams;
        this.epoch = epoch;
        this.switching = switching;
        boards = new Boards(journal, teams::get, lots);
        triggering = new Triggering(expressions, teams, boards, lots);
    }

    /// Whether a stream is one of those looked after here.
    static boolean has(StreamId stream) {
        return stream.isTopic() || stream.isSubscriptions() || stream.isAgents();
    }

    void accept(Input.Asked asked) {
        waiting.add(asked);
    }

    boolean busy() {
        return !waiting.isEmpty() || !lots.all().isEmpty();
    }

    // ---- handling

    /// What is to be committed together, and with what the runs have decided.
    List<Append> collect(Instant now) {
        for (int i = 0; i < MOST_REQUESTS && !waiting.isEmpty(); i++) {
            var asked = waiting.remove();
            answers.add(new Deed.Answer(asked.id(), handle(asked, now)));
        }
        return lots.appends(epoch, this::due);
    }

    /// When a trigger's time comes next.
    private @Nullable Instant due(StreamId stream) {
        return stream.isSubscriptions() ? boards.of(stream.tenant()).next().orElse(null) : null;
    }

    /// @return why it was not carried out, or null
    private @Nullable String handle(Input.Asked asked, Instant now) {
        if (asked.message() != null) {
            lots.of(asked.run()).consumed.add(asked.message());
        }
        try {
            switch (asked.request()) {
                case Request.Publish(var event) -> publish(asked, event, now);
                case Request.Subscribe(var await, var since) -> subscribe(asked, await, since, now);
                case Request.Unsubscribe(var run, var token) -> {
                    var fact = new Enlisted.Unsubscribed(run, token);
                    if (boards.of(asked.run().tenant()).waits(fact)) {
                        boards.note(asked.run().tenant(), fact, asked.id(), now);
                    }
                }
                case Request.Deploy deploy -> deploy(asked, deploy, now);
                case Request.Withdraw(var name) -> withdraw(asked, name, now);
                case Request.Switch(var agent, var on, var reason) -> {
                    var fact = new Switched(agent, on, reason);
                    if (switching.switched(fact, now, asked.actor(), asked.id())) {
                        var entry = fact.entry(now, asked.actor(), asked.id());
                        lots.of(asked.run()).entries.add(entry);
                    }
                }
                case Request.Over(var run) -> triggering.over(asked.run(), run, asked.id(), now);
                default -> {
                    return asked.request().kind() + " is nothing to ask of a topic";
                }
            }
            return null;
        } catch (IllegalArgumentException e) {
            LOG.warn("a request to {} was not carried out: {}", asked.run(), e.getMessage());
            return e.getMessage();
        }
    }

    private void deploy(Input.Asked asked, Request.Deploy deploy, Instant now) {
        var tenant = asked.run().tenant();
        if (boards.of(tenant).knows(asked.id())) {
            return;
        }
        var team = teams.read(deploy.team());
        int triggers =
                team.workflows().stream().mapToInt(workflow -> workflow.triggers().size()).sum();
        if (triggers > MOST_TRIGGERS) {
            throw new IllegalArgumentException(
                    "a team may have " + MOST_TRIGGERS + " triggers, and this one has " + triggers);
        }
        lots.of(asked.run()).definitions.add(deploy.team());
        var fact = new Enlisted.Deployed(deploy.name(), deploy.team().hash(), deploy.from());
        boards.note(tenant, fact, asked.actor(), asked.id(), now);
    }

    private void withdraw(Input.Asked asked, String name, Instant now) {
        var tenant = asked.run().tenant();
        if (!boards.of(tenant).knows(asked.id())) {
            boards.note(tenant, new Enlisted.Withdrawn(name), asked.actor(), asked.id(), now);
        }
    }

    // ---- runs and time

    /// Whether a trigger minds that a run ends.
    boolean minds(StreamId run) {
        return boards.of(run.tenant()).minds(run.run());
    }

    /// Looks at the triggers of a tenant whose time may have come.
    void wake(StreamId subscriptions) {
        boards.of(subscriptions.tenant());
    }

    /// When a trigger's time comes next.
    Optional<Instant> nextAlarm() {
        return boards.known().values().stream()
                .map(Board::next)
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /// Begins what is due.
    void tick(Instant now) {
        boards.known()
                .forEach((tenant, board) -> {
                    if (board.next().filter(next -> !next.isAfter(now)).isPresent()) {
                        triggering.tick(tenant, board, now);
                    }
                });
    }

    // ---- messages

    private void publish(Input.Asked asked, CloudEvent event, Instant now) {
        var topic = asked.run();
        var known = recent(topic);
        if (known.find(event) != null) {
            return;
        }
        if (known.head() == 0) {
            open(topic, asked, now);
        }
        long sequence = known.add(event, now);
        var lot = lots.of(topic);
        var reactions = new ArrayList<Posted.Reaction>();
        for (var one : boards.of(topic.tenant()).of(topic.topic(), event.type(), event.subject())) {
            reaction(lot, topic, one, sequence, event, now, reactions);
        }
        lot.entries.add(new Posted(event, reactions).entry(now, asked.actor(), asked.id()));
    }

    private void open(StreamId topic, Input.Asked asked, Instant now) {
        if (boards.of(topic.tenant()).topics().size() >= MOST_TOPICS) {
            throw new IllegalArgumentException(
                    "there are " + MOST_TOPICS + " topics, and no more may be");
        }
        boards.note(topic.tenant(), new Enlisted.Opened(topic.topic()), asked.id(), now);
    }

    private void reaction(
            Lots.Lot lot,
            StreamId topic,
            Subscription one,
            long sequence,
            CloudEvent event,
            Instant now,
            List<Posted.Reaction> reactions) {
        try {
            if (!wants(one, event)) {
                return;
            }
        } catch (ExpressionException e) {
            reactions.add(new Posted.Reaction(one.id(), null, "its `where`: " + e.getMessage()));
            return;
        }
        switch (one) {
            case Subscription.Await await -> {
                lot.outbox.add(hand(topic, await, sequence, event, now));
                boards.note(topic.tenant(), handed(await, sequence), "", now);
                reactions.add(new Posted.Reaction(one.id(), await.run().value(), null));
            }
            case Subscription.Begins begins ->
                    reactions.add(
                            triggering.begin(
                                    new Triggering.Cause(
                                            topic,
                                            topic.name() + "/" + sequence,
                                            begins.id(),
                                            begins.workflow(),
                                            begins.team(),
                                            begins.trigger(),
                                            event.data(),
                                            now)));
        }
    }

    private boolean wants(Subscription one, CloudEvent event) {
        var where = one.where();
        if (where == null) {
            return true;
        }
        var holds = expressions.render(where, name -> name.equals("message") ? event.data() : null);
        if (holds instanceof Value.Bool(var yes)) {
            return yes;
        }
        throw new ExpressionException("not_a_condition", "it is not true or false");
    }

    private static Enlisted handed(Subscription.Await await, long sequence) {
        return new Enlisted.Handed(await.run(), await.token(), await.topic(), sequence);
    }

    private static Message hand(
            StreamId topic,
            Subscription.Await await,
            long sequence,
            CloudEvent event,
            Instant now) {
        var request = new Request.Hand(await.token(), event.type(), event.data());
        return new Message(
                topic.name() + "/" + sequence + "/" + await.id(),
                StreamId.run(topic.tenant(), await.run()),
                request.kind(),
                topic.name(),
                now,
                request.payload());
    }

    /// One who waits may have what came before, since its run began.
    private void subscribe(
            Input.Asked asked, Subscription.Await await, @Nullable Instant since, Instant now) {
        var tenant = asked.run().tenant();
        boards.note(tenant, new Enlisted.Subscribed(await), asked.id(), now);
        if (since == null) {
            return;
        }
        var topic = StreamId.topic(tenant, await.topic());
        for (long sequence : recent(topic).since(since, await.type(), await.key())) {
            var event = find(topic, sequence);
            if (event != null && isWanted(await, event)) {
                lots.of(asked.run()).outbox.add(hand(topic, await, sequence, event, now));
                boards.note(tenant, handed(await, sequence), asked.id(), now);
                return;
            }
        }
    }

    private boolean isWanted(Subscription.Await await, CloudEvent event) {
        try {
            return wants(await, event);
        } catch (ExpressionException _) {
            return false;
        }
    }

    /// A message of a topic, also one that is about to be committed.
    private @Nullable CloudEvent find(StreamId topic, long sequence) {
        var page = journal.read(topic, sequence - 1, 1);
        if (!page.isEmpty()) {
            return Posted.of(page.getFirst()).event();
        }
        var pending = lots.of(topic).entries;
        int back = (int) (recent(topic).head() - sequence);
        return back < pending.size()
                ? CloudEvent.of(
                        dev.tutti.runtime.json.Json.parse(
                                pending.get(pending.size() - 1 - back).payload()),
                        Instant.EPOCH)
                : null;
    }

    private Recent recent(StreamId topic) {
        var known = recent.get(topic);
        if (known == null) {
            known = Recent.of(journal, topic);
            recent.put(topic, known);
        }
        return known;
    }

    // ---- after the commit

    /// What became of the appends that [#collect] gave, in the same order.
    void committed(List<Append.Result> results, List<Deed> deeds) {
        int i = 0;
        for (var lot : lots.all()) {
            switch (results.get(i++)) {
                case Append.Result.Committed _ ->
                        lot.outbox.forEach(message -> deeds.add(new Deed.Deliver(message)));
                case Append.Result.Conflict conflict ->
                        throw new IllegalStateException("a topic expects nothing: " + conflict);
                case Append.Result.Fenced fenced -> {
                    LOG.debug("the store has another owner: {}", fenced);
                    deeds.add(new Deed.Fenced());
                    lots.clear();
                    answers.clear();
                    return;
                }
            }
        }
        deeds.addAll(answers);
        answers.clear();
        lots.clear();
    }
}

package dev.tutti.runtime.driver;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Agent;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.bidding.Bidder;
import dev.tutti.runtime.engine.BidsByFile;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells agents what was announced, and the run what they answer. Each agent that bids in its own
/// words is asked on a virtual thread of its own: one that is slow, silent or broken keeps nobody
/// else from bidding.
final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    /// The most agents that are asked at once; one more is not heard.
    private static final int MOST_ASKED = 20_000;

    private final Executors executors;
    private final BidsByFile byFile;
    private final Consumer<Input> report;
    private final Set<Thread> asked = ConcurrentHashMap.newKeySet();

    Announcements(Executors executors, Expressions expressions, Consumer<Input> report) {
        this.executors = executors;
        byFile = new BidsByFile(expressions);
        this.report = report;
    }

    void tell(Deed.Announce announce) {
        var byTheFile = new ArrayList<Agent>();
        for (var agent : announce.team().agents()) {
            if (!announce.self().containsKey(agent.id())) {
                continue;
            }
            var own = agent.needsPlace() ? executor(announce, agent) : null;
            if (own instanceof Bidder bidder) {
                begin("bid-" + agent.id(), () -> ask(announce, agent, bidder));
            } else {
                byTheFile.add(agent);
            }
        }
        if (!byTheFile.isEmpty()) {
            begin(
                    "bids",
                    () ->
                            byTheFile.forEach(
                                    agent -> answer(announce, agent, byFile.of(announce, agent))));
        }
    }

    private @Nullable AgentExecutor executor(Deed.Announce announce, Agent agent) {
        try {
            return executors.of(announce.teamHash(), agent);
        } catch (IllegalArgumentException e) {
            LOG.debug("agent {} cannot be asked for a bid: {}", agent.id(), e.getMessage());
            return null;
        }
    }

    private void begin(String name, Runnable work) {
        if (asked.size() >= MOST_ASKED) {
            LOG.warn("{} agents think about their bids: {} is not asked", MOST_ASKED, name);
            return;
        }
        var thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            try {
                                work.run();
                            } finally {
                                asked.remove(Thread.currentThread());
                            }
                        });
        asked.add(thread);
        thread.start();
    }

    private void ask(Deed.Announce announce, Agent agent, Bidder bidder) {
        var self = announce.self().get(agent.id());
        var open = BidsByFile.open(announce, agent);
        if (self == null || open.isEmpty()) {
            return;
        }
        try {
            answer(
                    announce,
                    agent,
                    bidder.bid(
                            new Bidder.Announcement(
                                    announce.run().run().value(),
                                    agent,
                                    self,
                                    open,
                                    byFile.of(announce, agent))));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("agent {} failed to bid: {}", agent.id(), e.getMessage(), e);
        }
    }

    private void answer(Deed.Announce announce, Agent agent, List<Reply> replies) {
        if (!replies.isEmpty()) {
            report.accept(BidsByFile.input(announce, agent, replies));
        }
    }

    /// Nobody is asked any more.
    void stop() {
        asked.forEach(Thread::interrupt);
    }
}

package dev.tutti.server.workers;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.runtime.bidding.Bidder.Announcement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Tasks that were announced to an agent, for one worker to bid on in its name.
public final class Tender implements Given {
    private final String id = Secret.make("a_");
    private final Announcement announcement;
    private final CompletableFuture<List<Reply>> replies = new CompletableFuture<>();
    private @Nullable Worker worker;

    Tender(Announcement announcement) {
        this.announcement = announcement;
    }

    @Override
    public String id() {
        return id;
    }

    public Announcement announcement() {
        return announcement;
    }

    /// What the worker says.
    CompletableFuture<List<Reply>> replies() {
        return replies;
    }

    /// Who was asked, or null while nobody was.
    @Nullable Worker worker() {
        return worker;
    }

    void ask(@Nullable Worker one) {
        worker = one;
    }
}

package dev.tutti.server.live;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.server.http.Problem;
import dev.tutti.server.view.Inbox;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.RunPages.Choice;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The readers who are told as it happens.
public final class Streams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final int MOST_READERS = 2_000;
    private static final int RETRY_MILLIS = 1_000;

    /// A proxy that hears nothing for longer may think that nobody is there.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration BOOKMARK = Duration.ofSeconds(5);

    private final RunPages pages;
    private final Function<RunId, Value.Struct> progress;
    private final Inbox inbox;
    private final Feed feed;
    private final Frames frames;
    private final Duration patience;
    private final Duration pulse;
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicLong cut = new AtomicLong();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("live-", 0).factory());

    /// @param progress what the attempts of a run say of how far they are, by task
    /// @param patience how long a reader may take nothing of what is written to it
    /// @param pulse how long a page hears nothing before it is told that somebody is there
    public Streams(
            RunPages pages,
            Function<RunId, Value.Struct> progress,
            Inbox inbox,
            Duration patience,
            Duration pulse) {
        this.pages = pages;
        this.progress = progress;
        this.inbox = inbox;
        this.patience = patience;
        this.pulse = pulse;
        feed = new Feed(pages::position);
        frames = new Frames(pages);
    }

    /// How many readers there are.
    public int readers() {
        return readers.get();
    }

    /// How many were cut, as they took nothing.
    public long cut() {
        return cut.get();
    }

    private interface Telling {
        void tell(Sse to) throws IOException, InterruptedException;
    }

    private void begin(Context request, Telling telling) {
        if (feed.isClosed()) {
            throw new Problem(503, "draining", "the server is ending; ask again in a moment");
        }
        if (readers.incrementAndGet() > MOST_READERS) {
            readers.decrementAndGet();
            throw new Problem(429, "busy", "there are too many live readers; ask again later");
        }
        var response = request.res();
        response.setStatus(200);
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("utf-8");
        response.setHeader("cache-control", "no-store");
        response.setHeader("x-accel-buffering", "no");
        response.setHeader("connection", "close");
        // A write that nobody takes fails after this; idle readers are written to more often.
        ServletContextRequest.getServletContextRequest(request.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .setIdleTimeout(patience.toMillis());
        request.future(() -> {
            request.req().getAsyncContext().setTimeout(0);
            return CompletableFuture.runAsync(() -> tell(request, telling), threads);
        });
    }

    private void tell(Context request, Telling telling) {
        try {
            var sse = new Sse(request.res().getOutputStream());
            sse.begin(RETRY_MILLIS);
            telling.tell(sse);
            if (feed.isClosed()) {
                sse.write("bye", -1, Value.struct("reason", Value.text("draining")));
            }
            sse.flush();
        } catch (IOException e) {
            cut.incrementAndGet();
            LOG.debug("a live reader is gone: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            readers.decrementAndGet();
        }
    }

    private Duration silence(Duration most) {
        var half = patience.dividedBy(2);
        return half.compareTo(most) < 0 ? half : most;
    }

    // ---- the journal of one run

    /// Tells the events of a run, each once and in order, until it has ended.
    ///
    /// @param after the last event that the reader knows
    public void journal(Context request, RunId run, long after, Choice choice) {
        begin(request, sse -> journal(sse, run, after, choice));
    }

    private void journal(Sse sse, RunId run, long after, Choice choice)
            throws IOException, InterruptedException {
        long at = after;
        long told = System.nanoTime();
        long written = told;
        long position = 0;
        var silence = silence(SILENCE);
        boolean ended = pages.hasEnded(run, at);
        sse.flush();
        while (!feed.isClosed()) {
            var page = frames.after(run, at, choice, position);
            boolean silent = true;
            for (var frame : page) {
                at = frame.sequence();
                ended |= frame.end();
                if (frame.bytes().length > 0) {
                    sse.write(frame.bytes());
                    silent = false;
                }
            }
            boolean due = System.nanoTime() - told > BOOKMARK.toNanos();
            if (!page.isEmpty() && silent && due) {
                sse.write("bookmark", at, Value.struct("sequence", Value.of(at)));
                silent = false;
            }
            if (!silent) {
                told = System.nanoTime();
                written = told;
                sse.flush();
            }
            if (Frames.isPage(page)) {
                continue;
            }
            if (ended) {
                sse.write("end", at, pages.ending(run));
                return;
            }
            // Other runs may move the journal all the time, and this one says nothing.
            position = feed.await(position, silence);
            if (System.nanoTime() - written >= silence.toNanos()) {
                sse.alive();
                written = System.nanoTime();
            }
        }
    }

    // ---- many things at once

    /// What a page wants to be told of.
    ///
    /// @param runs and how many events of each the page knows
    /// @param left what was asked for as a run and is not followed, and why, a word
    /// @param after the place in the journal that the list is known to, or negative for now
    public record Wanted(
            boolean list,
            boolean questions,
            Map<RunId, Long> runs,
            Map<String, String> left,
            long after) {}

    /// Tells what changes of whatever a page shows.
    public void changes(Context request, Wanted wanted) {
        begin(
                request,
                sse -> new Changes(pages, progress, inbox, wanted).tell(sse, feed, silence(pulse)));
    }

    /// Tells readers to come back later, and lets them go.
    public void drain() {
        feed.close();
    }

    @Override
    public void close() {
        feed.close();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                List<Runnable> left = threads.shutdownNow();
                LOG.debug("{} live readers were left", left.size());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

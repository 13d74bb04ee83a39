package dev.tutti.agents.llm.provider;

import dev.tutti.agents.llm.model.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What comes over a line, read by one thread that waits until the deadline and no longer. Holds
/// one piece at a time, and ends in [Trouble] when there is too much.
final class Body extends InputStream implements BodySubscriber<Body> {
    /// The largest reply, in bytes.
    static final int MOST_BYTES = 32 << 20;

    private final long deadline;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private Flow.@Nullable Subscription subscription;
    private Iterator<ByteBuffer> rest = List.<ByteBuffer>of().iterator();
    private ByteBuffer now = ByteBuffer.allocate(0);
    private long bytes;
    private boolean ended;
    private @Nullable Trouble trouble;
    private boolean interrupted;

    private sealed interface Piece {
        record Bytes(List<ByteBuffer> buffers) implements Piece {}

        record Broken(Throwable why) implements Piece {}

        record End() implements Piece {}
    }

    /// @param deadline by [System#nanoTime]
    Body(long deadline) {
        this.deadline = deadline;
    }

    /// What cut the reading short, if anything did.
    @Nullable Trouble trouble() {
        return trouble;
    }

    /// Whether the reader was told to stop.
    boolean interrupted() {
        return interrupted;
    }

    @Override
    public CompletionStage<Body> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        subscribed.countDown();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        pieces.add(new Piece.Bytes(buffers));
    }

    @Override
    public void onError(Throwable why) {
        pieces.add(new Piece.Broken(why));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece.End());
    }

    @Override
    public int read() throws IOException {
        return more() ? now.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int count = Math.min(length, now.remaining());
        now.get(target, from, count);
        return count;
    }

    private boolean more() throws IOException {
        while (!now.hasRemaining()) {
            if (rest.hasNext()) {
                now = rest.next();
            } else if (ended || !next()) {
                return false;
            }
        }
        return true;
    }

    private boolean next() throws IOException {
        return switch (await()) {
            case Piece.Bytes(var buffers) -> {
                bytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
                if (bytes > MOST_BYTES) {
                    throw cut(
                            Trouble.Kind.ENDLESS,
                            "the reply has more than " + (MOST_BYTES >> 20) + " MiB");
                }
                rest = buffers.iterator();
                yield true;
            }
            case Piece.Broken(var why) ->
                    throw cut(Trouble.Kind.LOST, "the connection broke: " + Wire.said(why));
            case Piece.End() -> {
                ended = true;
                yield false;
            }
        };
    }

    private Piece await() throws IOException {
        try {
            if (!subscribed.await(left(), TimeUnit.NANOSECONDS)) {
                throw late();
            }
            var asked = subscription;
            if (asked != null) {
                asked.request(1);
            }
            var piece = pieces.poll(left(), TimeUnit.NANOSECONDS);
            if (piece == null) {
                throw late();
            }
            return piece;
        } catch (InterruptedException _) {
            interrupted = true;
            close();
            throw new InterruptedIOException("the attempt is not wanted any more");
        }
    }

    private long left() {
        return deadline - System.nanoTime();
    }

    private IOException late() {
        return cut(Trouble.Kind.TIMED_OUT, "the reply was not complete in time");
    }

    private IOException cut(Trouble.Kind kind, String message) {
        trouble = new Trouble(kind, message);
        close();
        return new IOException(message);
    }

    @Override
    public void close() {
        ended = true;
        var asked = subscription;
        if (asked != null) {
            asked.cancel();
        }
    }
}

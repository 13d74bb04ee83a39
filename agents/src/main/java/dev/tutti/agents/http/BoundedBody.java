package dev.tutti.agents.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// As much of a body as is wanted; what is beyond is not waited for.
final class BoundedBody implements BodySubscriber<BoundedBody.Content> {
    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Content> content = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /// @param whole whether there was no more
    record Content(byte[] bytes, boolean whole) {}

    BoundedBody(int most) {
        this.most = most;
    }

    @Override
    public CompletionStage<Content> getBody() {
        return content;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (var buffer : buffers) {
            int room = most - bytes.size();
            var piece = new byte[Math.min(buffer.remaining(), room)];
            buffer.get(piece);
            bytes.write(piece, 0, piece.length);
            if (buffer.hasRemaining()) {
                var given = subscription;
                if (given != null) {
                    given.cancel();
                }
                content.complete(new Content(bytes.toByteArray(), false));
                return;
            }
        }
    }

    @Override
    public void onError(Throwable e) {
        content.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
        content.complete(new Content(bytes.toByteArray(), true));
    }
}

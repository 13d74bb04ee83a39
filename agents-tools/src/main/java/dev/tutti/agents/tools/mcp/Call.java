package dev.tutti.agents.tools.mcp;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.ToolUnavailable;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.MonoSink;

/// One call of a tool. The thread of the attempt waits here for news, so that the attempt is asked,
/// told and given things by its own thread only.
final class Call implements AutoCloseable {
    /// Requests of the server within one call.
    static final int MOST_REQUESTS = 20;

    /// Notices of progress that wait to be passed on; more of them say nothing more.
    private static final int MOST_NOTICES = 100;

    private final ServerSettings settings;
    private final String tool;
    private final Value.Struct arguments;
    private final Attempt attempt;
    private final ToolRequests requests;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private int asked;
    private boolean done;

    Call(
            ServerSettings settings,
            String tool,
            Value.Struct arguments,
            Attempt attempt,
            ToolRequests requests) {
        this.settings = settings;
        this.tool = tool;
        this.arguments = arguments;
        this.attempt = attempt;
        this.requests = requests;
    }

    /// What becomes of a call that the server or the connection put an end to.
    interface Failure {
        Tool.Result of(Throwable why) throws Exception;
    }

    void tell(News one) {
        if (!(one instanceof News.Progressed) || news.size() < MOST_NOTICES) {
            news.add(one);
        }
    }

    /// Whether the server has nothing more to say to this call.
    boolean isDone() {
        return done;
    }

    /// Waits for the result, and meets what is asked meanwhile.
    ///
    /// @throws ToolUnavailable when there is none in time
    Tool.Result await(Failure failure) throws Exception {
        long latest = System.nanoTime() + settings.longest().toNanos();
        while (true) {
            long left = Math.min(settings.timeout().toNanos(), latest - System.nanoTime());
            switch (news.poll(left, TimeUnit.NANOSECONDS)) {
                case null -> throw late(left > 0 ? settings.timeout() : settings.longest());
                case News.Done(var result) -> {
                    done = true;
                    return Contents.of(result, attempt);
                }
                case News.Broken(var why) -> {
                    done = true;
                    return failure.of(why);
                }
                case News.Progressed(double fraction, var message) ->
                        attempt.progress(fraction, message);
                case News.Sample(var request, var reply) -> {
                    if (isGranted(reply)) {
                        Sampling.answer(request, reply, requests, attempt);
                    }
                }
                case News.Elicit(var request, var reply) -> {
                    if (isGranted(reply)) {
                        var form = new Form(settings.name(), tool, arguments, request, asked);
                        answer(form, reply);
                    }
                }
            }
        }
    }

    private void answer(Form form, MonoSink<ElicitResult> reply) throws InterruptedException {
        try {
            reply.success(form.ask(attempt));
        } catch (InterruptedException e) {
            reply.error(refusal("nobody answers this call any more"));
            throw e;
        }
    }

    private ToolUnavailable late(Duration limit) {
        return new ToolUnavailable(
                "`"
                        + tool
                        + "` of `"
                        + settings.name()
                        + "` gave no sign within "
                        + limit.toMillis() / 1e3
                        + " s; `timeout` says how long to wait");
    }

    private boolean isGranted(MonoSink<?> reply) {
        if (++asked <= MOST_REQUESTS) {
            return true;
        }
        reply.error(refusal("a call may ask for " + MOST_REQUESTS + " things, not more"));
        return false;
    }

    static McpError refusal(String why) {
        return McpError.builder(McpSchema.ErrorCodes.INVALID_REQUEST).message(why).build();
    }

    /// Answers whoever still waits for an answer.
    @Override
    public void close() {
        for (var one = news.poll(); one != null; one = news.poll()) {
            switch (one) {
                case News.Sample(_, var reply) -> reply.error(refusal("the call is over"));
                case News.Elicit(_, var reply) -> reply.error(refusal("the call is over"));
                case News.Done _, News.Broken _, News.Progressed _ -> {}
            }
        }
    }
}

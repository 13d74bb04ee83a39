package dev.tutti.architecture.canary.runtime.engine;

import com.nimbusds.jwt.SignedJWT;
import dev.langchain4j.model.chat.ChatModel;
import io.javalin.Javalin;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.opentelemetry.api.trace.SpanContext;
import java.sql.Connection;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.apache.lucene.index.IndexReader;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonParser;

/// Each breaks one rule of the runtime, or brings a library from its edge.
final class Canaries {
    private Canaries() {}

    record EngineThatSpeaksSql(Connection connection) {}

    record EngineThatParses(JsonParser parser) {}

    record EngineThatSearches(IndexReader index) {}

    record EngineThatCallsServers(McpAsyncClient client) {}

    record EngineThatThinks(ChatModel model) {}

    record EngineThatTraces(SpanContext parent) {}

    record EngineThatTrusts(SignedJWT token) {}

    record EngineThatServes(Javalin server) {}

    static final class EngineWithOptions {
        @Option(names = "--fast")
        boolean fast;
    }

    record EngineThatForks(ExecutorService executor) {}

    record EngineThatLocks(Semaphore semaphore) {}

    static final class EngineThatSynchronizes {
        void step(Runnable part) {
            synchronized (this) {
                part.run();
            }
        }
    }

    static final class EngineThatKnowsTheTime {
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    static final class EngineThatGambles {
        int roll(long seed) {
            return new Random(seed).nextInt(6);
        }
    }
}

package dev.tutti.architecture.canary.core.plan;

import dev.cel.compiler.CelCompiler;
import dev.tutti.architecture.canary.core.budget.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.LoggerFactory;

/// Each breaks one rule of the core.
final class Canaries {
    private Canaries() {}

    record PlanThatAsksTheBudget(Budget budget) {}

    record PlanThatCompilesCel(CelCompiler compiler) {}

    static final class PlanThatLogs {
        void plan() {
            LoggerFactory.getLogger("plan").info("planning");
        }
    }

    static final class PlanThatReads {
        String plan() throws IOException {
            return Files.readString(Path.of("plan"));
        }
    }

    static final class PlanThatForks {
        void plan(Runnable part) {
            Thread.startVirtualThread(part);
        }
    }

    static final class PlanThatLocks {
        boolean plan() {
            return new ReentrantLock().isLocked();
        }
    }

    static final class PlanThatSynchronizes {
        void plan(Runnable part) {
            synchronized (this) {
                part.run();
            }
        }
    }

    static final class PlanWithASynchronizedMethod {
        synchronized void plan(Runnable part) {
            part.run();
        }
    }

    static final class PlanThatKnowsTheTime {
        Instant plan() {
            return Instant.now();
        }
    }

    static final class PlanThatGambles {
        UUID plan() {
            return UUID.randomUUID();
        }
    }

    static final class PlanInNoOrder {
        Map<String, String> plan() {
            return new HashMap<>(Map.of("search", "read", "read", "answer"));
        }
    }
}

package dev.tutti.telemetry;

import io.opentelemetry.api.common.AttributeKey;

/// The names of our own attributes and metrics.
final class TuttiNames {
    static final String SCOPE = "dev.tutti";

    static final AttributeKey<String> RUN = AttributeKey.stringKey("tutti.run.id");
    static final AttributeKey<String> TASK = AttributeKey.stringKey("tutti.task.id");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("tutti.attempt");
    static final AttributeKey<String> DECISION = AttributeKey.stringKey("tutti.decision.id");
    static final AttributeKey<Double> COST = AttributeKey.doubleKey("tutti.cost.usd");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tutti.outcome");
    static final AttributeKey<String> CHILD = AttributeKey.stringKey("tutti.child.run.id");
    static final AttributeKey<String> FORKED_FROM = AttributeKey.stringKey("tutti.fork.of");
    static final AttributeKey<Long> WIDTH = AttributeKey.longKey("tutti.width");
    static final AttributeKey<Double> QUEUED = AttributeKey.doubleKey("tutti.queued.s");
    static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("tutti.message.type");
    static final AttributeKey<Long> QUESTION = AttributeKey.longKey("tutti.question.id");
    static final AttributeKey<String> PURPOSE = AttributeKey.stringKey("tutti.question.purpose");
    static final AttributeKey<String> VERB = AttributeKey.stringKey("tutti.verb");
    static final AttributeKey<String> LIMIT = AttributeKey.stringKey("tutti.limit");
    static final AttributeKey<Long> PERCENT = AttributeKey.longKey("tutti.percent");
    static final AttributeKey<String> WORKFLOW = AttributeKey.stringKey("tutti.workflow");
    static final AttributeKey<String> AGENT = AttributeKey.stringKey("tutti.agent");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    static final String RUNS = "tutti.runs";
    static final String RUN_DURATION = "tutti.run.duration";
    static final String ATTEMPTS = "tutti.attempts";
    static final String RETRIES = "tutti.retries";
    static final String TIMEOUTS = "tutti.timeouts";
    static final String QUEUE_WAIT = "tutti.queue.wait";
    static final String QUESTIONS_OPEN = "tutti.questions.open";
    static final String STALLS = "tutti.stalls";
    static final String SPENT = "tutti.cost";
    static final String DROPPED = "tutti.telemetry.dropped";
    static final String LAG = "tutti.telemetry.lag";

    private TuttiNames() {}
}

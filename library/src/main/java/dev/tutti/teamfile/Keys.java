package dev.tutti.teamfile;

import java.util.List;
import java.util.Set;

/// The keys of each part of a team file.
///
/// @param part what has the keys, for messages
/// @param built those that are understood
/// @param planned those of the format that are refused until they are built, since leaving them out
///   in silence would break what they promise
record Keys(String part, List<String> built, List<String> planned) {
    static final Keys FILE =
            new Keys(
                    "a team file",
                    List.of(
                            "tutti",
                            "skills",
                            "models",
                            "tools",
                            "quotas",
                            "dispatch",
                            "agents",
                            "workflows"),
                    List.of());
    static final Keys QUOTA =
            new Keys("a quota", List.of("requests", "tokens", "slots", "memory"), List.of());
    static final Keys DISPATCH =
            new Keys(
                    "`dispatch`",
                    List.of(
                            "by", "worth", "hour", "explore", "content", "match", "above", "meant",
                            "within", "reserve", "rounds", "lease"),
                    List.of());
    static final Keys MEANT =
            new Keys(
                    "what stands for a skill",
                    List.of("skill", "similarity", "next", "next_similarity"),
                    List.of());
    static final Keys BIDS =
            new Keys(
                    "`dispatch` of a task",
                    List.of("by", "within", "reserve", "rounds", "lease"),
                    List.of());
    static final Keys BID = new Keys("`bid`", List.of("price", "time", "confidence"), List.of());
    static final Keys MODEL =
            new Keys(
                    "a model",
                    List.of(
                            "provider",
                            "model",
                            "base_url",
                            "api_key",
                            "price",
                            "temperature",
                            "max_tokens",
                            "context_window",
                            "files",
                            "timeout",
                            "retries",
                            "structured",
                            "headers",
                            "replies",
                            "script"),
                    List.of());
    static final Keys PRICE =
            new Keys(
                    "`price`",
                    List.of("input", "output", "cached_input", "cache_write"),
                    List.of());
    static final Keys TOOLBOX =
            new Keys("a toolbox", List.of("uses", "with", "policy", "trust"), List.of());
    static final Keys RULE = new Keys("a rule", List.of("allow", "deny", "ask"), List.of());
    static final Keys LLM =
            new Keys(
                    "`with` of an agent that uses llm",
                    List.of(
                            "model",
                            "instructions",
                            "tools",
                            "may",
                            "max_steps",
                            "max_tool_calls",
                            "max_tokens",
                            "repairs",
                            "continuations",
                            "max_wait"),
                    List.of());
    static final Keys SKILL =
            new Keys("a skill", List.of("description", "input", "output"), List.of());
    static final Keys AGENT =
            new Keys(
                    "an agent",
                    List.of(
                            "skills",
                            "labels",
                            "uses",
                            "from",
                            "with",
                            "limits",
                            "effects",
                            "price",
                            "needs",
                            "bid",
                            "reacts_to",
                            "emits",
                            "trust"),
                    List.of());
    static final Keys ATTEMPT_PRICE =
            new Keys("`price` of an agent", List.of("usd", "time", "success"), List.of());
    static final Keys LIMITS =
            new Keys(
                    "`limits`",
                    List.of(
                            "concurrency",
                            "timeout",
                            "idle",
                            "steps",
                            "tokens",
                            "usd",
                            "cpu",
                            "memory"),
                    List.of());
    static final Keys WORKFLOW =
            new Keys(
                    "a workflow",
                    List.of(
                            "input",
                            "tasks",
                            "output",
                            "on_stall",
                            "goal",
                            "planner",
                            "wants",
                            "budget",
                            "deadline",
                            "mode",
                            "opens",
                            "until",
                            "within",
                            "expect",
                            "max_messages",
                            "pattern",
                            "triggers",
                            "notes",
                            "weight"),
                    List.of());
    static final Keys REACTION =
            new Keys("a reaction", List.of("where", "as", "input", "within"), List.of());
    static final Keys EMISSION = new Keys("what is emitted", List.of("when", "data"), List.of());
    static final Keys EXPECT =
            new Keys("`expect`", List.of("after", "then", "same", "within"), List.of());
    static final Keys BUDGET =
            new Keys(
                    "`budget`",
                    List.of("usd", "tokens", "time", "attempts", "tasks", "runs"),
                    List.of());
    static final Keys PLANNER =
            new Keys(
                    "`planner`",
                    List.of("agent", "rounds", "stalls", "attempts", "approve", "surprise"),
                    List.of());
    static final Keys PROPOSAL =
            new Keys(
                    "a proposal",
                    List.of("reason", "tasks", "drop", "output", "complete", "ledger"),
                    List.of());
    static final Keys TASK =
            new Keys(
                    "a task",
                    List.of(
                            "skill",
                            "require",
                            "agent",
                            "workflow",
                            "goal",
                            "planner",
                            "wants",
                            "await",
                            "input",
                            "after",
                            "when",
                            "each",
                            "max",
                            "replicas",
                            "resolve",
                            "loop",
                            "join",
                            "locks",
                            "cancels",
                            "emit",
                            "retry",
                            "on_failure",
                            "timeout",
                            "accept",
                            "verify",
                            "effects",
                            "approve",
                            "compensate",
                            "label",
                            "priority",
                            "dispatch",
                            "hand_off",
                            "delegate",
                            "group",
                            "notes",
                            "context",
                            "policy"),
                    List.of());
    static final Keys CONTEXT =
            new Keys("`context`", List.of("tokens", "recall", "compact"), List.of());
    static final Keys RECALL =
            new Keys("`recall`", List.of("most", "query", "about", "kinds"), List.of());
    static final Keys HAND_OFF = new Keys("`hand_off`", List.of("to", "max"), List.of());
    static final Keys DELEGATE = new Keys("`delegate`", List.of("to", "max"), List.of());
    static final Keys GROUP =
            new Keys(
                    "`group`",
                    List.of("members", "turns", "moderator", "max", "until", "result"),
                    List.of());
    static final Keys NOTES =
            new Keys("`notes`", List.of("write", "agent", "read", "trust"), List.of());
    static final Keys NOTE = new Keys("a note", List.of("value", "by", "expect"), List.of());
    static final Keys SHARED_NOTE =
            new Keys("a note that is shared", List.of("by", "write", "read"), List.of());
    static final Keys EACH =
            new Keys("`each`", List.of("of", "need", "until", "cancel_rest"), List.of());
    static final Keys RESOLVE =
            new Keys(
                    "`resolve`",
                    List.of(
                            "by",
                            "on",
                            "same",
                            "k",
                            "tolerance",
                            "rounds",
                            "as",
                            "below",
                            "then",
                            "else"),
                    List.of());
    static final Keys LOOP = new Keys("`loop`", List.of("while", "max"), List.of());
    static final Keys JOIN = new Keys("`join`", List.of("need", "cancel_rest"), List.of());
    static final Keys AWAIT =
            new Keys(
                    "`await`",
                    List.of("message", "where", "within", "keep", "topic", "key"),
                    List.of());
    static final Keys TRIGGER =
            new Keys(
                    "a trigger",
                    List.of(
                            "message",
                            "topic",
                            "where",
                            "key",
                            "cron",
                            "zone",
                            "catch_up",
                            "webhook",
                            "secret",
                            "input",
                            "overlap"),
                    List.of());
    static final Keys EMIT =
            new Keys("`emit`", List.of("message", "data", "to", "topic", "key"), List.of());
    static final Keys RETRY = new Keys("`retry`", List.of("attempts", "backoff"), List.of());
    static final Keys TIMEOUT =
            new Keys("`timeout`", List.of("queued", "run", "idle", "overall"), List.of());
    static final Keys VERIFY =
            new Keys(
                    "`verify`", List.of("skill", "agent", "command", "input", "accept"), List.of());
    static final Keys COMPENSATE =
            new Keys("`compensate`", List.of("skill", "agent", "input"), List.of());

    static final Keys ESCALATION =
            new Keys("a rung of `on_failure`", List.of("escalate"), List.of());

    static final List<String> REMEDIES =
            List.of("reroute", "ask", "skip", "fail", "replan", "escalate");

    /// No id may be one of these, since expressions give them a meaning.
    static final Set<String> RESERVED =
            Set.of("input", "item", "env", "secret", "output", "message", "run");

    /// Words that stand where an agent's name may stand.
    static final Set<String> RESERVED_FOR_AGENTS =
            Set.of(
                    "best",
                    "learned",
                    "cheapest",
                    "fastest",
                    "round_robin",
                    "auction",
                    "claim",
                    "all",
                    "search",
                    "llm");

    boolean knows(String key) {
        return built.contains(key) || planned.contains(key);
    }
}

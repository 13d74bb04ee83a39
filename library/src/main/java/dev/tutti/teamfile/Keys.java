package dev.tutti.teamfile;

import java.util.List;
import java.util.Set;

/// The keys of each part of a team file.
///
/// @param part what has the keys, for messages
/// @param known those that are understood; all others are refused
record Keys(String part, List<String> known) {
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
                            "workflows"));
    static final Keys QUOTA = new Keys("a quota", List.of("requests", "tokens", "slots", "memory"));
    static final Keys DISPATCH =
            new Keys(
                    "`dispatch`",
                    List.of(
                            "by", "worth", "hour", "explore", "content", "match", "above", "meant",
                            "within", "reserve", "rounds", "lease"));
    static final Keys MEANT =
            new Keys(
                    "what stands for a skill",
                    List.of("skill", "similarity", "next", "next_similarity"));
    static final Keys BIDS =
            new Keys("`dispatch` of a task", List.of("by", "within", "reserve", "rounds", "lease"));
    static final Keys BID = new Keys("`bid`", List.of("price", "time", "confidence"));
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
                            "script"));
    static final Keys PRICE =
            new Keys("`price`", List.of("input", "output", "cached_input", "cache_write"));
    static final Keys TOOLBOX = new Keys("a toolbox", List.of("uses", "with", "policy", "trust"));
    static final Keys RULE = new Keys("a rule", List.of("allow", "deny", "ask"));
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
                            "max_wait"));
    static final Keys SKILL = new Keys("a skill", List.of("description", "input", "output"));
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
                            "trust"));
    static final Keys ATTEMPT_PRICE =
            new Keys("`price` of an agent", List.of("usd", "time", "success"));
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
                            "memory"));
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
                            "weight"));
    static final Keys REACTION = new Keys("a reaction", List.of("where", "as", "input", "within"));
    static final Keys EMISSION = new Keys("what is emitted", List.of("when", "data"));
    static final Keys EXPECT = new Keys("`expect`", List.of("after", "then", "same", "within"));
    static final Keys BUDGET =
            new Keys("`budget`", List.of("usd", "tokens", "time", "attempts", "tasks", "runs"));
    static final Keys PLANNER =
            new Keys(
                    "`planner`",
                    List.of("agent", "rounds", "stalls", "attempts", "approve", "surprise"));
    static final Keys PROPOSAL =
            new Keys(
                    "a proposal",
                    List.of("reason", "tasks", "drop", "output", "complete", "ledger"));
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
                            "policy"));
    static final Keys CONTEXT = new Keys("`context`", List.of("tokens", "recall", "compact"));
    static final Keys RECALL = new Keys("`recall`", List.of("most", "query", "about", "kinds"));
    static final Keys HAND_OFF = new Keys("`hand_off`", List.of("to", "max"));
    static final Keys DELEGATE = new Keys("`delegate`", List.of("to", "max"));
    static final Keys GROUP =
            new Keys("`group`", List.of("members", "turns", "moderator", "max", "until", "result"));
    static final Keys NOTES = new Keys("`notes`", List.of("write", "agent", "read", "trust"));
    static final Keys NOTE = new Keys("a note", List.of("value", "by", "expect"));
    static final Keys SHARED_NOTE =
            new Keys("a note that is shared", List.of("by", "write", "read"));
    static final Keys EACH = new Keys("`each`", List.of("of", "need", "until", "cancel_rest"));
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
                            "else"));
    static final Keys LOOP = new Keys("`loop`", List.of("while", "max"));
    static final Keys JOIN = new Keys("`join`", List.of("need", "cancel_rest"));
    static final Keys AWAIT =
            new Keys("`await`", List.of("message", "where", "within", "keep", "topic", "key"));
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
                            "overlap"));
    static final Keys EMIT = new Keys("`emit`", List.of("message", "data", "to", "topic", "key"));
    static final Keys RETRY = new Keys("`retry`", List.of("attempts", "backoff"));
    static final Keys TIMEOUT = new Keys("`timeout`", List.of("queued", "run", "idle", "overall"));
    static final Keys VERIFY =
            new Keys("`verify`", List.of("skill", "agent", "command", "input", "accept"));
    static final Keys COMPENSATE = new Keys("`compensate`", List.of("skill", "agent", "input"));

    static final Keys ESCALATION = new Keys("a rung of `on_failure`", List.of("escalate"));

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
        return known.contains(key);
    }
}

package dev.tutti.runtime.quota;

import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How much of a quota is left.
///
/// Slots and memory are had for as long as an attempt lasts; requests and tokens are gone once they
/// are taken. What tokens a call will read and write is not known before: what calls took so far is
/// set aside, and put right when it is known.
public final class Meter {
    private static final double MEMORY_OF_CALLS = 20;

    private Terms.Quota quota;
    private @Nullable Bucket requests;
    private @Nullable Bucket tokens;
    private int slots;
    private long memory;
    private double usual;
    private int awaited;
    private @Nullable Instant leftAlone;

    public Meter(Terms.Quota quota) {
        this.quota = quota;
        requests = quota.requests() == null ? null : new Bucket(quota.requests());
        tokens = quota.tokens() == null ? null : new Bucket(quota.tokens());
    }

    public Terms.Quota quota() {
        return quota;
    }

    /// Other limits hold from now on; what is taken stays taken.
    public void limit(Terms.Quota other) {
        if (!other.equals(quota)) {
            var rates = quota;
            quota = other;
            if (!java.util.Objects.equals(rates.requests(), other.requests())) {
                requests = other.requests() == null ? null : new Bucket(other.requests());
            }
            if (!java.util.Objects.equals(rates.tokens(), other.tokens())) {
                tokens = other.tokens() == null ? null : new Bucket(other.tokens());
            }
        }
    }

    /// Whether an attempt can begin that takes so much memory. Calls of attempts under way go
    /// first.
    public boolean lets(long bytes, Instant now) {
        return hasRoom(bytes) && awaited == 0 && letsCall(now);
    }

    /// A call of an attempt under way waits for it.
    public void await() {
        awaited++;
    }

    /// A call waits for it no more.
    public void isServed() {
        awaited--;
    }

    /// Whether calls of attempts under way wait for it.
    public boolean isAwaited() {
        return awaited > 0;
    }

    /// Whether a call can be made now.
    public boolean letsCall(Instant now) {
        return (leftAlone == null || !now.isBefore(leftAlone))
                && (requests == null || requests.lets(now))
                && (tokens == null || tokens.lets(now));
    }

    /// Whether one more attempt can be under way.
    public boolean hasRoom(long bytes) {
        var most = quota.memory();
        return (quota.slots() == null || slots < quota.slots())
                && (most == null || memory + bytes <= most);
    }

    /// An attempt begins, with its first call.
    public void begin(long bytes) {
        hold(bytes);
        call();
    }

    /// An attempt is under way already, whose calls nobody counted here.
    public void hold(long bytes) {
        slots++;
        memory += bytes;
    }

    /// A call is made.
    public void call() {
        if (requests != null) {
            requests.take(1);
        }
        if (tokens != null) {
            tokens.take(usual);
        }
    }

    /// An attempt that was to begin does not.
    public void unbegin(long bytes) {
        end(bytes);
        if (requests != null) {
            requests.giveBack(1);
        }
        if (tokens != null) {
            tokens.giveBack(usual);
        }
    }

    /// An attempt is over.
    public void end(long bytes) {
        slots--;
        memory -= bytes;
    }

    /// What calls really took.
    ///
    /// @param calls how many there were
    public void used(int calls, long read) {
        if (tokens != null && calls > 0) {
            double more = read - usual * calls;
            if (more > 0) {
                tokens.take(more);
            } else {
                tokens.giveBack(-more);
            }
            usual += (read / (double) calls - usual) / MEMORY_OF_CALLS;
        }
    }

    /// Whoever is behind it wants to be left alone, by all who use it.
    public void leaveAlone(Instant until) {
        if (leftAlone == null || until.isAfter(leftAlone)) {
            leftAlone = until;
        }
    }

    /// Whether it limits what is said to somebody outside.
    public boolean isRate() {
        return requests != null || tokens != null;
    }

    /// When time alone lets the next call be made; `now` where something else keeps it, or nothing.
    public Instant next(Instant now) {
        var next = leftAlone != null && leftAlone.isAfter(now) ? leftAlone : now;
        next = requests == null ? next : later(next, requests.next(now));
        return tokens == null ? next : later(next, tokens.next(now));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /// Why an attempt cannot begin now, or null when it can.
    public @Nullable String why(long bytes, Instant now) {
        if (!hasRoom(bytes)) {
            return quota.slots() != null && slots >= quota.slots()
                    ? "all " + quota.slots() + " slots of quota `" + quota.name() + "` are taken"
                    : "quota `" + quota.name() + "` has too little memory left";
        }
        if (awaited > 0) {
            return "calls of attempts under way wait for quota `" + quota.name() + "`";
        }
        return letsCall(now)
                ? null
                : "quota `" + quota.name() + "` lets the next through at " + next(now);
    }

    /// How many attempts more may be under way.
    public int spare() {
        return quota.slots() == null ? Integer.MAX_VALUE : Math.max(0, quota.slots() - slots);
    }

    /// What is left of it, where something is taken or it lets nobody through now: `slots`, and the
    /// seconds to `wait` for the next call.
    public Optional<Value.Struct> told(Instant now) {
        var told = new LinkedHashMap<String, Value>();
        if (quota.slots() != null && slots > 0) {
            told.put("slots", Value.of(spare()));
        }
        if (!letsCall(now)) {
            double wait = Duration.between(now, next(now)).toMillis() / 1_000.0;
            told.put("wait", new Value.Real(Math.round(wait * 10) / 10.0));
        }
        return told.isEmpty() ? Optional.empty() : Optional.of(new Value.Struct(told));
    }

    public int slots() {
        return slots;
    }

    public long memory() {
        return memory;
    }
}

package dev.tutti.agents.local.memory;

import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Posted;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a message of the topic `memory` says.
public sealed interface Told {
    /// The topic.
    String TOPIC = "memory";

    /// The types of its messages.
    String FACT = "fact";

    String FORGET = "forget";
    String RULES = "rules";

    int LONGEST_TEXT = 10_000;
    int LONGEST_VALUE = 1_000;
    int LONGEST_ATTRIBUTE = 100;

    /// Facts of one message.
    int MOST_FACTS = 1_000;

    /// Something that is so.
    ///
    /// @param outside whether it says of itself that it comes from outside
    /// @param expires when it is to be forgotten, or null where the message does not say
    record Fact(
            String text,
            @Nullable String about,
            @Nullable String attribute,
            @Nullable String value,
            boolean outside,
            @Nullable Instant expires) {
        Wording wording() {
            return attribute == null || value == null
                    ? Wording.of(text, about)
                    : Wording.of(attribute, value, about);
        }
    }

    /// Facts, one or several.
    record Facts(List<Fact> facts, Trust trust) implements Told {
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /// What is not to be remembered any longer: one memory, or all about somebody or something.
    record Forget(@Nullable String id, @Nullable String about) implements Told {}

    /// Other rules.
    record Ruled(Value data) implements Told {}

    /// Nothing that can be remembered.
    record Nothing(String why) implements Told {}

    /// What an entry of the topic says. Nothing that is published is refused, so this may be
    /// [Nothing].
    static Told of(Entry entry) {
        var event = Posted.of(entry).event();
        try {
            return switch (event.type()) {
                case FACT ->
                        new Facts(
                                facts(event.data(), event.subject(), entry.event().at()),
                                trust(event, entry.event().actor()));
                case FORGET -> forget(event.data(), event.subject());
                case RULES -> {
                    Rules.DEFAULT.with(event.data());
                    yield new Ruled(event.data());
                }
                default -> new Nothing("`" + event.type() + "` is not fact, forget or rules");
            };
        } catch (IllegalArgumentException e) {
            return new Nothing(String.valueOf(e.getMessage()));
        }
    }

    /// Whom a message is from: a run, a person in their own name, or else anybody.
    private static Trust trust(CloudEvent event, String actor) {
        if (actor.startsWith("run/") && event.source().equals("/runs/" + actor.substring(4))) {
            return Trust.AGENT;
        }
        return event.source().equals("tutti/" + actor) ? Trust.PERSON : Trust.OUTSIDE;
    }

    /// The facts that the data of a message of type [#FACT] has: one, or the list `facts`.
    ///
    /// @param about whom or what those are about that do not say so
    /// @param at when it is told
    /// @throws IllegalArgumentException with everything that is wrong with them
    static List<Fact> facts(Value data, @Nullable String about, Instant at) {
        if (!(data instanceof Value.Struct struct)) {
            throw new IllegalArgumentException(
                    "a fact is an object such as `{ text: … }`, not a " + Value.shape(data));
        }
        var list = struct.get("facts");
        var faults = new ArrayList<String>();
        var facts = new ArrayList<Fact>();
        if (list == null) {
            facts.add(fact(struct, about, at, "", faults));
        } else if (list instanceof Value.Array(var items) && items.size() <= MOST_FACTS) {
            for (int i = 0; i < items.size(); i++) {
                var place = " of fact " + (i + 1);
                switch (items.get(i)) {
                    case Value.Struct one -> facts.add(fact(one, about, at, place, faults));
                    case Value.Text text ->
                            facts.add(fact(Value.struct("text", text), about, at, place, faults));
                    case Value other ->
                            faults.add("fact " + (i + 1) + " is a " + Value.shape(other));
                }
            }
        } else {
            faults.add("`facts` is a list of " + MOST_FACTS + " at most");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return facts;
    }

    private static Fact fact(
            Value.Struct data,
            @Nullable String about,
            Instant at,
            String place,
            List<String> faults) {
        var known = Set.of("text", "about", "attribute", "value", "trust", "expires");
        data.fields().keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name ->
                        faults.add(
                                "`"
                                        + name
                                        + "`"
                                        + place
                                        + " is nothing that is remembered: text, about, attribute,"
                                        + " value, trust or expires"));
        var attribute = text(data, "attribute", LONGEST_ATTRIBUTE, place, faults);
        var value = text(data, "value", LONGEST_VALUE, place, faults);
        var subject = text(data, "about", CloudEvent.LONGEST, place, faults);
        var whom = subject == null ? about : subject;
        var text = text(data, "text", LONGEST_TEXT, place, faults);
        if ((attribute == null) != (value == null)) {
            faults.add("`attribute` and `value`" + place + " go together: one is missing");
        }
        if (text == null && data.get("text") == null && attribute != null && value != null) {
            text = (whom == null ? "" : whom + ": ") + attribute + " is " + value;
        }
        if (text == null) {
            if (data.get("text") == null) {
                faults.add("`text`" + place + " is missing");
            }
            text = "";
        }
        return new Fact(
                text,
                whom,
                attribute,
                value,
                Value.text(Trust.OUTSIDE.word()).equals(data.get("trust")),
                expires(data, at, place, faults));
    }

    private static @Nullable String text(
            Value.Struct data, String name, int longest, String place, List<String> faults) {
        var text =
                switch (data.get(name)) {
                    case null -> null;
                    case Value.Null _ -> null;
                    case Value.Text(var given) -> given.strip();
                    case Value.Int(var number) when name.equals("value") -> Long.toString(number);
                    case Value.Real(var number) when name.equals("value") ->
                            Double.toString(number);
                    case Value.Bool(var flag) when name.equals("value") -> Boolean.toString(flag);
                    case Value other -> {
                        faults.add(
                                "`"
                                        + name
                                        + "`"
                                        + place
                                        + " is a "
                                        + Value.shape(other)
                                        + " and must be a string");
                        yield null;
                    }
                };
        if (text != null && (text.isEmpty() || text.length() > longest)) {
            faults.add(
                    "`"
                            + name
                            + "`"
                            + place
                            + " has 1 to "
                            + longest
                            + " characters, not "
                            + text.length());
            return null;
        }
        return text;
    }

    private static @Nullable Instant expires(
            Value.Struct data, Instant at, String place, List<String> faults) {
        var given = data.get("expires");
        if (given == null || given instanceof Value.Null) {
            return null;
        }
        if (given instanceof Value.Text(var text)) {
            var after = TimeText.parse(text);
            if (after.isPresent()) {
                return at.plus(after.get());
            }
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException _) {
                // Said below.
            }
        }
        faults.add(
                "`expires`"
                        + place
                        + " is a time from now such as `30d`, or one such as"
                        + " `2027-01-31T00:00:00Z`");
        return null;
    }

    private static Forget forget(Value data, @Nullable String subject) {
        var fields = data instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
        var id = fields.get("id") instanceof Value.Text(var text) ? text : null;
        var about = fields.get("about") instanceof Value.Text(var text) ? text : subject;
        if ((id == null) == (about == null)) {
            throw new IllegalArgumentException(
                    "what is forgotten is one memory, `id`, or all `about` somebody");
        }
        return new Forget(id, about);
    }
}

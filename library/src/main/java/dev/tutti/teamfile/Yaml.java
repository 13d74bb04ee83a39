package dev.tutti.teamfile;

import dev.tutti.core.event.Fault;
import dev.tutti.teamfile.YamlNode.Entry;
import dev.tutti.teamfile.YamlNode.Mapping;
import dev.tutti.teamfile.YamlNode.Scalar;
import dev.tutti.teamfile.YamlNode.Sequence;
import dev.tutti.teamfile.YamlNode.Style;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Builds the tree of a document from the events of the YAML parser.
///
/// A safe subset of YAML 1.2: one document, no tags, no merge keys, keys that are text and there
/// once, aliases only to finished nodes and few of them. Aliases share the node they stand for, so
/// that no document grows while it is read.
final class Yaml {
    static final int LONGEST = 4 << 20;
    static final int DEEPEST = 64;
    private static final long MOST_NODES_BY_ALIAS = 10_000;

    private final Source source;
    private final Iterator<Event> events;
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private final Set<String> openAnchors = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private final ArrayList<String> path = new ArrayList<>();
    private long nodesByAlias;

    /// What is wrong with the text itself, at characters `from` to `to`.
    ///
    /// @param second where the other half of the problem is, or null
    record Problem(Fault fault, int from, int to, @Nullable Second second) {}

    record Second(int from, int to, String label) {}

    /// What could be read.
    ///
    /// @param root null where nothing could
    record Tree(@Nullable YamlNode root, List<Problem> problems) {}

    private Yaml(Source source) {
        this.source = source;
        var settings =
                LoadSettings.builder()
                        .setCodePointLimit(LONGEST)
                        .setUseMarks(true)
                        .setParseComments(false)
                        .build();
        events = new Parse(settings).parseString(source.text()).iterator();
    }

    static Tree read(Source source) {
        if (source.text().length() > LONGEST) {
            var fault =
                    fault(
                            "E-YAML-02",
                            "a team file may have " + LONGEST + " characters at most",
                            "");
            return new Tree(null, List.of(new Problem(fault, 0, 1, null)));
        }
        var yaml = new Yaml(source);
        try {
            return new Tree(yaml.document(), yaml.problems);
        } catch (Stop e) {
            return new Tree(null, yaml.problems);
        } catch (MarkedYamlEngineException e) {
            yaml.syntax(e);
            return new Tree(null, yaml.problems);
        } catch (ReaderException e) {
            int at = source.offset(e.getPosition());
            yaml.problem(
                    "E-YAML-01",
                    "a character that YAML does not allow: U+%04X".formatted(e.getCodePoint()),
                    at,
                    at + 1,
                    "here",
                    null);
            return new Tree(null, yaml.problems);
        } catch (YamlEngineException e) {
            yaml.problem("E-YAML-01", plain(e.getMessage()), 0, 1, "", null);
            return new Tree(null, yaml.problems);
        }
    }

    /// Nothing more can be read.
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stop() {
            super(null, null, false, false);
        }
    }

    private @Nullable YamlNode document() {
        YamlNode root = null;
        while (events.hasNext()) {
            var event = events.next();
            switch (event.getEventId()) {
                case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
                case Alias, Scalar, SequenceStart, MappingStart -> {
                    if (root != null) {
                        problem(
                                "E-YAML-01",
                                "a team file is one document",
                                start(event),
                                start(event) + 1,
                                "a second one begins here",
                                "remove the line `---` and what follows");
                        throw new Stop();
                    }
                    root = node(event, 1);
                }
                case SequenceEnd, MappingEnd ->
                        throw new IllegalStateException("unbalanced events");
            }
        }
        return root;
    }

    private YamlNode node(Event event, int depth) {
        if (depth > DEEPEST) {
            problem(
                    "E-YAML-02",
                    "nested more than " + DEEPEST + " levels deep",
                    start(event),
                    start(event) + 1,
                    "too deep",
                    null);
            throw new Stop();
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        var anchor = ((NodeEvent) event).getAnchor().map(Object::toString);
        anchor.ifPresent(openAnchors::add);
        var node =
                switch (event.getEventId()) {
                    case Scalar -> scalar((ScalarEvent) event);
                    case SequenceStart -> sequence((CollectionStartEvent) event, depth);
                    case MappingStart -> mapping((CollectionStartEvent) event, depth);
                    case Alias,
                            Comment,
                            DocumentEnd,
                            DocumentStart,
                            MappingEnd,
                            SequenceEnd,
                            StreamEnd,
                            StreamStart ->
                            throw new IllegalStateException("unexpected event " + event);
                };
        anchor.ifPresent(name -> {
            openAnchors.remove(name);
            anchors.put(name, node);
        });
        return node;
    }

    private YamlNode alias(AliasEvent alias) {
        var name = alias.getAlias().toString();
        var node = anchors.get(name);
        if (openAnchors.contains(name) || node == null) {
            problem(
                    "E-YAML-05",
                    node == null && !openAnchors.contains(name)
                            ? "there is no anchor `&" + name + "` before this"
                            : "`*" + name + "` stands for something that contains it",
                    start(alias),
                    end(alias),
                    "this alias",
                    null);
            throw new Stop();
        }
        nodesByAlias += node.size();
        if (nodesByAlias > MOST_NODES_BY_ALIAS) {
            problem(
                    "E-YAML-02",
                    "aliases may stand for " + MOST_NODES_BY_ALIAS + " nodes at most",
                    start(alias),
                    end(alias),
                    "this one is too many",
                    null);
            throw new Stop();
        }
        return node;
    }

    private Scalar scalar(ScalarEvent event) {
        refuseTag(event, event.getTag());
        var style =
                switch (event.getScalarStyle()) {
                    case PLAIN, JSON_SCALAR_STYLE -> Style.PLAIN;
                    case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
                    case DOUBLE_QUOTED -> Style.DOUBLE_QUOTED;
                    case LITERAL, FOLDED -> Style.BLOCK;
                };
        return new Scalar(event.getValue(), style, start(event), end(event));
    }

    private YamlNode sequence(CollectionStartEvent start, int depth) {
        refuseTag(start, start.getTag());
        var items = new ArrayList<YamlNode>();
        long size = 1;
        while (true) {
            var event = events.next();
            if (event.getEventId() == Event.ID.SequenceEnd) {
                return new Sequence(items, start(start), end(event), size);
            }
            path.addLast(Integer.toString(items.size()));
            var item = node(event, depth + 1);
            path.removeLast();
            size += item.size();
            items.add(item);
        }
    }

    private YamlNode mapping(CollectionStartEvent start, int depth) {
        refuseTag(start, start.getTag());
        var entries = new ArrayList<Entry>();
        var keys = new HashMap<String, Scalar>();
        long size = 1;
        while (true) {
            var event = events.next();
            if (event.getEventId() == Event.ID.MappingEnd) {
                return new Mapping(entries, start(start), end(event), size);
            }
            var key = key(event);
            path.addLast(key.text());
            var value = node(events.next(), depth + 1);
            size += 1 + value.size();
            var first = keys.putIfAbsent(key.text(), key);
            if (first != null) {
                problems.add(
                        new Problem(
                                new Fault(
                                        "E-YAML-04",
                                        "`" + DisplayWidth.shown(key.text()) + "` is there twice",
                                        path,
                                        null,
                                        "the same key again",
                                        null),
                                key.start(),
                                key.end(),
                                new Second(first.start(), first.end(), "first here")));
            } else if (key.text().equals("<<") && key.style() == Style.PLAIN) {
                problem(
                        "E-YAML-05",
                        "merge keys are not part of team files",
                        key.start(),
                        key.end(),
                        "merge key",
                        "write the keys out");
            } else {
                entries.add(new Entry(key, value));
            }
            path.removeLast();
        }
    }

    private Scalar key(Event event) {
        if (event instanceof ScalarEvent scalar) {
            var key = (Scalar) node(event, 1);
            if (scalar.getScalarStyle() == ScalarStyle.PLAIN && key.text().isEmpty()) {
                problem(
                        "E-YAML-05",
                        "a key is missing",
                        key.start(),
                        key.start() + 1,
                        "before this",
                        null);
            }
            return key;
        }
        problem(
                "E-YAML-05",
                "a key is a text",
                start(event),
                start(event) + 1,
                "not a text",
                event instanceof CollectionStartEvent ? "put `\"…\"` around an expression" : null);
        throw new Stop();
    }

    private void refuseTag(Event event, Optional<String> tag) {
        if (tag.isPresent()) {
            problem(
                    "E-YAML-03",
                    "tags are not part of team files",
                    start(event),
                    start(event) + 1,
                    "tagged " + shortened(tag.get()),
                    "remove the tag");
        }
    }

    private void syntax(MarkedYamlEngineException e) {
        int at = e.getProblemMark().map(mark -> offset(mark)).orElse(0);
        int context = e.getContextMark().map(mark -> offset(mark)).orElse(-1);
        var problem = plain(e.getProblem());
        boolean tab = at < source.text().length() && source.text().charAt(at) == '\t';
        var message = (e.getContext() == null ? "" : plain(e.getContext()) + ", ") + problem;
        problems.add(
                new Problem(
                        new Fault(
                                "E-YAML-01",
                                "this is not YAML: " + message,
                                List.of(),
                                null,
                                "here",
                                tab ? "indent with blanks instead of tabs" : null),
                        at,
                        at + 1,
                        context < 0 || context == at
                                ? null
                                : new Second(context, context + 1, "begins here")));
    }

    private void problem(
            String code, String message, int from, int to, String label, @Nullable String help) {
        problems.add(
                new Problem(new Fault(code, message, path, null, label, help), from, to, null));
    }

    private static Fault fault(String code, String message, String label) {
        return new Fault(code, message, List.of(), null, label, null);
    }

    private int start(Event event) {
        return event.getStartMark().map(mark -> offset(mark)).orElse(0);
    }

    private int end(Event event) {
        return event.getEndMark().map(mark -> offset(mark)).orElse(0);
    }

    private int offset(Mark mark) {
        return source.offset(mark.getIndex());
    }

    private static String plain(@Nullable String message) {
        return message == null ? "unreadable" : shortened(message.lines().findFirst().orElse(""));
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}

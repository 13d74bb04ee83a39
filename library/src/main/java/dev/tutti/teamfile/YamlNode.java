package dev.tutti.teamfile;

import java.util.List;

/// A node of the document, with its place: characters `start` to `end` of the text.
sealed interface YamlNode {
    int start();

    int end();

    /// How many nodes it is when every alias is written out.
    long size();

    /// How a scalar is written.
    enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        BLOCK
    }

    record Scalar(String text, Style style, int start, int end) implements YamlNode {
        @Override
        public long size() {
            return 1;
        }
    }

    record Sequence(List<YamlNode> items, int start, int end, long size) implements YamlNode {}

    record Mapping(List<Entry> entries, int start, int end, long size) implements YamlNode {}

    record Entry(Scalar key, YamlNode value) {}
}

package dev.tutti.agents.local;

/// How much each kind of evidence counts when passages are ranked. Set on one half of a set of
/// questions and checked on the other.
///
/// @param title words of a page's title
/// @param heading words of its headings
/// @param path words of its path
/// @param lead words at its beginning
/// @param text words of its text, as written
/// @param stems words of its text, stemmed
/// @param passageHeading words of a passage's heading
/// @param passageStems words of a passage, stemmed
/// @param passagePhrase all words together in a passage
/// @param meaning nearness of the embeddings, against all words
/// @param prose what a passage without any prose loses against others of its page, as a share
record Weights(
        double title,
        double heading,
        double path,
        double lead,
        double text,
        double stems,
        double passageHeading,
        double passageStems,
        double passagePhrase,
        double meaning,
        double prose) {
    static final Weights TUNED = new Weights(0.5, 1.0, 1.3, 0.8, 1.3, 0.7, 0.7, 0.5, 0.4, 0.4, 0.2);
}

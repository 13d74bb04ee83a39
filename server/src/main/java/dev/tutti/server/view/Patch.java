package dev.tutti.server.view;

/// What changed of a run.
///
/// @param from how many events were known before
/// @param sequence how many are known with it
/// @param position the place in the whole journal of the last of them
/// @param json the change, or empty when there is none
/// @param ended whether nothing more can change
public record Patch(long from, long sequence, long position, byte[] json, boolean ended) {

    public boolean isEmpty() {
        return json.length == 0;
    }
}

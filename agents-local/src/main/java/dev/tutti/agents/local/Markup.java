package dev.tutti.agents.local;

import java.util.regex.Pattern;

/// Takes the marks of Markdown and HTML out of text and leaves the words. Applying it twice is the
/// same as applying it once.
final class Markup {
    private static final Pattern IMAGE = Pattern.compile("!\\[([^\\[\\]]*)]\\([^()\\s]*\\)");
    private static final Pattern LINK =
            Pattern.compile("\\[([^\\[\\]]+)](?:\\([^()]*\\)|\\[[^\\[\\]]*])");
    private static final Pattern STRONG =
            Pattern.compile("(?<![\\w*_])(\\*\\*|__)(?=\\S)(.+?)(?<=\\S)\\1(?![\\w*_])");
    private static final Pattern EMPHASIS =
            Pattern.compile("(?<![\\w*_])([*_])(?=[^\\s*_])([^*_]+?)(?<=[^\\s*_])\\1(?![\\w*_])");
    private static final Pattern CODE = Pattern.compile("(`{1,2})([^`]+)\\1");
    private static final Pattern TAG =
            Pattern.compile(
                    "</?(?:a|abbr|b|blockquote|br|center|cite|code|div|dd|dl|dt|em|font|h[1-6]|hr|i"
                            + "|img|kbd|li|ol|p|pre|q|s|small|span|strong|sub|sup|table|tbody|td"
                            + "|th|thead|tr|tt|u|ul|var)(?:\\s[^<>]*)?/?>",
                    Pattern.CASE_INSENSITIVE);

    /// Longer lines are data rather than prose, and are left as they are.
    private static final int LONGEST_LINE = 20_000;

    private Markup() {}

    static String plain(String text) {
        if (text.length() > LONGEST_LINE) {
            return text;
        }
        var before = text;
        while (true) {
            var after = once(before);
            if (after.equals(before)) {
                return after;
            }
            before = after;
        }
    }

    private static String once(String text) {
        var plain = text;
        if (plain.indexOf('<') >= 0) {
            plain = TAG.matcher(plain).replaceAll("");
        }
        if (plain.indexOf('[') >= 0) {
            plain = IMAGE.matcher(plain).replaceAll("$1");
            plain = LINK.matcher(plain).replaceAll("$1");
        }
        if (plain.indexOf('*') >= 0 || plain.indexOf('_') >= 0) {
            plain = STRONG.matcher(plain).replaceAll("$2");
            plain = EMPHASIS.matcher(plain).replaceAll("$2");
        }
        if (plain.indexOf('`') >= 0) {
            plain = CODE.matcher(plain).replaceAll("$2");
        }
        return plain;
    }
}

package dev.tutti.simulation.dispatch;

import java.util.Locale;

/// A plot for the docs, as SVG.
final class Drawing {
    private final StringBuilder svg = new StringBuilder();

    Drawing(int width, int height, String title) {
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n"
                        .formatted(width, height));
        svg.append("<title>%s</title>\n".formatted(title));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    }

    void line(String path, String colour, int width) {
        svg.append(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%d\"/>\n"
                        .formatted(path, colour, width));
    }

    void text(double x, double y, String anchor, String words, String colour) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                        x,
                        y,
                        anchor,
                        colour,
                        words));
    }

    void add(String element) {
        svg.append(element);
    }

    /// The whole file.
    String end() {
        return svg + "</svg>\n";
    }
}

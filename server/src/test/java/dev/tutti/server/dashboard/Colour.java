package dev.tutti.server.dashboard;

/// A colour in linear light, and how it looks to different eyes.
///
/// Difference: CIEDE2000 (Sharma, Wu, Dalal 2005). Eyes: Machado, Oliveira, Fernandes 2009, full
/// severity. Contrast: WCAG 2.2.
record Colour(double red, double green, double blue) {

    enum Eyes {
        USUAL,
        PROTAN,
        DEUTAN,
        TRITAN
    }

    private double[] seenBy(Eyes eyes) {
        return switch (eyes) {
            case USUAL -> new double[] {red, green, blue};
            case PROTAN ->
                    new double[] {
                        mixed(0.152286, 1.052583, -0.204868),
                        mixed(0.114503, 0.786281, 0.099216),
                        mixed(-0.003882, -0.048116, 1.051998)
                    };
            case DEUTAN ->
                    new double[] {
                        mixed(0.367322, 0.860646, -0.227968),
                        mixed(0.280085, 0.672501, 0.047413),
                        mixed(-0.011820, 0.042940, 0.968881)
                    };
            case TRITAN ->
                    new double[] {
                        mixed(1.255528, -0.076749, -0.178779),
                        mixed(-0.078411, 0.930809, 0.147602),
                        mixed(0.004733, 0.691367, 0.303900)
                    };
        };
    }

    private double mixed(double ofRed, double ofGreen, double ofBlue) {
        return Math.clamp(ofRed * red + ofGreen * green + ofBlue * blue, 0, 1);
    }

    /// From `#rrggbb`.
    static Colour of(String hex) {
        return new Colour(linear(hex, 1), linear(hex, 3), linear(hex, 5));
    }

    private static double linear(String hex, int at) {
        double value = Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    double contrast(Colour other) {
        double a = luminance();
        double b = other.luminance();
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private double luminance() {
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }

    /// How different two colours look; 1 is about the least that can be told.
    double difference(Colour other, Eyes eyes) {
        return ciede2000(lab(seenBy(eyes)), lab(other.seenBy(eyes)));
    }

    private static double[] lab(double[] rgb) {
        double x = 0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2];
        double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
        double z = 0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2];
        double fx = cubeRoot(x / 0.95047);
        double fy = cubeRoot(y);
        double fz = cubeRoot(z / 1.08883);
        return new double[] {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
    }

    private static double cubeRoot(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    private static double ciede2000(double[] one, double[] two) {
        double mean = (Math.hypot(one[1], one[2]) + Math.hypot(two[1], two[2])) / 2;
        double g = 0.5 * (1 - Math.sqrt(seventh(mean)));
        double a1 = one[1] * (1 + g);
        double a2 = two[1] * (1 + g);
        double c1 = Math.hypot(a1, one[2]);
        double c2 = Math.hypot(a2, two[2]);
        double h1 = hue(one[2], a1);
        double h2 = hue(two[2], a2);
        boolean grey = c1 * c2 == 0;
        double dh = grey ? 0 : Math.IEEEremainder(h2 - h1, 360);
        double dHue = 2 * Math.sqrt(c1 * c2) * Math.sin(Math.toRadians(dh / 2));
        double l = (one[0] + two[0]) / 2;
        double c = (c1 + c2) / 2;
        double h = grey ? h1 + h2 : meanHue(h1, h2);
        double t =
                1
                        - 0.17 * cos(h - 30)
                        + 0.24 * cos(2 * h)
                        + 0.32 * cos(3 * h + 6)
                        - 0.20 * cos(4 * h - 63);
        double fromMiddle = (l - 50) * (l - 50);
        double dl = (two[0] - one[0]) / (1 + 0.015 * fromMiddle / Math.sqrt(20 + fromMiddle));
        double dc = (c2 - c1) / (1 + 0.045 * c);
        double dhh = dHue / (1 + 0.015 * c * t);
        double turn = 60 * Math.exp(-Math.pow((h - 275) / 25, 2));
        double rotation = -2 * Math.sqrt(seventh(c)) * Math.sin(Math.toRadians(turn));
        return Math.sqrt(dl * dl + dc * dc + dhh * dhh + rotation * dc * dhh);
    }

    private static double seventh(double chroma) {
        double power = Math.pow(chroma, 7);
        return power / (power + Math.pow(25, 7));
    }

    private static double hue(double b, double a) {
        double degrees = Math.toDegrees(Math.atan2(b, a));
        return degrees < 0 ? degrees + 360 : degrees;
    }

    private static double meanHue(double one, double two) {
        double sum = one + two;
        if (Math.abs(one - two) <= 180) {
            return sum / 2;
        }
        return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
    }

    private static double cos(double degrees) {
        return Math.cos(Math.toRadians(degrees));
    }
}

package dev.tutti.simulation.world;

/// Plays worlds from the command line.
public final class Simulator {
    private Simulator() {}

    public static void main(String[] arguments) {
        if (arguments[0].equals("trace")) {
            System.out.println(
                    World.play(new Scenario(Long.parseLong(arguments[1])), System.out::println));
            return;
        }
        long from = Long.parseLong(arguments[0]);
        long n = Long.parseLong(arguments[1]);
        long t = System.nanoTime();
        int bad = 0;
        long events = 0;
        for (long seed = from; seed < from + n; seed++) {
            var report = World.play(new Scenario(seed));
            events += report.events();
            if (!report.violations().isEmpty()) {
                bad++;
                System.out.println(
                        seed
                                + " step "
                                + report.steps()
                                + " ev "
                                + report.events()
                                + " "
                                + report.violations().getFirst());
            }
        }
        System.out.println(
                n
                        + " seeds, bad "
                        + bad
                        + ", events "
                        + events
                        + " in "
                        + (System.nanoTime() - t) / 1_000_000
                        + " ms");
    }
}

package io.bpfagent.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How a cost grows with what a user has more of: points on the way from little to much, at each place one for each
 * round. What it says of itself is reckoned from them and from nothing else.
 */
final class Curve {
    /** A power by so much larger than the linear one is worse than linear: ten times as much costs 26 % more. */
    static final double MARGIN = 0.1;
    /** Of what is closer together the power is chance. */
    private static final double STEP = 1.5;

    private final String name;
    private final String x;
    private final String y;
    private final double linear;
    private final NavigableMap<Integer, List<Point>> places = new TreeMap<>();

    /** So much of it, and what that cost. */
    record Point(double x, double y) {
        /** Whether it has a place where both axes are logarithmic. */
        boolean isPositive() {
            return x > 0 && y > 0;
        }
    }

    private Curve(String name, String x, String y, double linear) {
        this.name = name;
        this.x = x;
        this.y = y;
        this.linear = linear;
    }

    /**
     * Of what all of it costs together: it is linear when twice as much costs twice as much.
     *
     * @param name of its file, without the end
     * @param x    what there is more of, in the plural
     * @param y    the cost, with its unit
     */
    static Curve total(String name, String x, String y) {
        return new Curve(name, x, y, 1);
    }

    /** Of what each single one costs: then linear means that this stays the same. */
    static Curve each(String name, String x, String y) {
        return new Curve(name, x, y, 0);
    }

    /**
     * Adds what a round found.
     *
     * @param place which point of the way it is; they ascend with what there is of it
     */
    Curve add(int place, double x, double y) {
        places.computeIfAbsent(place, p -> new ArrayList<>()).add(new Point(x, y));
        return this;
    }

    String name() {
        return name;
    }

    String x() {
        return x;
    }

    String y() {
        return y;
    }

    /** The power that is linear: 1 of a total, 0 of what each costs. */
    double linear() {
        return linear;
    }

    /** All that has been found and can be drawn, place by place. */
    List<Point> points() {
        return places.values().stream().flatMap(List::stream).filter(Point::isPositive).toList();
    }

    /** The middle of each place. */
    List<Point> medians() {
        return places.keySet().stream().map(this::median).filter(Point::isPositive).toList();
    }

    /** Of each round, by which power the cost grows between the ends: the slope of its logarithm over that of x. */
    Samples powers() {
        return places.isEmpty() ? new Samples() : powers(places.firstKey(), places.lastKey());
    }

    private Samples powers(int from, int to) {
        Samples powers = new Samples();
        List<Point> low = places.get(from);
        List<Point> high = places.get(to);
        for (int round = 0; round < Math.min(low.size(), high.size()); round++) {
            Point a = low.get(round);
            Point b = high.get(round);
            if (a.isPositive() && b.isPositive() && b.x > a.x) {
                powers.add(Math.log(b.y / a.y) / Math.log(b.x / a.x));
            }
        }
        return powers;
    }

    private Point median(int place) {
        Samples xs = new Samples();
        Samples ys = new Samples();
        places.get(place).forEach(point -> {
            xs.add(point.x);
            ys.add(point.y);
        });
        return new Point(xs.median(), ys.median());
    }

    /** Whether it is worse than linear, and how sure that is. */
    String sentence() {
        Samples powers = powers();
        if (powers.isEmpty()) {
            return "*" + y + "* by *" + x + "*: too little was measured to say how it grows.";
        }
        String ends = between(places.firstKey(), places.lastKey());
        return "*" + y + "* by *" + x + "*,\n" + ends + ": to the power of " + powers.text("%.2f") + ", mean "
                + powers.meanText("%.2f") + ";\n" + verdict(powers) + "." + steepest();
    }

    private String verdict(Samples powers) {
        String border = "linear is " + number(linear);
        switch (powers.verdictOfMean(linear + MARGIN)) {
            case "met":
                return border + ": **not worse than linear**";
            case "**missed**":
                return border + ": **worse than linear**";
            case "not decided":
                return border + ": whether it is worse than linear is not decided";
            default:
                return border + ": too few rounds to say whether it is worse than linear";
        }
    }

    /** Of all steps from place to place the one with the largest power, where there is more than one step. */
    private String steepest() {
        Samples worst = new Samples();
        String where = "";
        for (Integer from : places.keySet()) {
            Integer to = places.higherKey(from);
            if (to == null) {
                break;
            }
            Samples powers = powers(from, to);
            boolean isStep = median(to).x >= STEP * median(from).x;
            if (isStep && !powers.isEmpty() && (worst.isEmpty() || powers.median() > worst.median())) {
                worst = powers;
                where = between(from, to);
            }
        }
        return places.size() < 3 || worst.isEmpty() ? "" : " Steepest " + where + ": " + worst.text("%.2f") + ".";
    }

    private String between(int from, int to) {
        return "from " + number(median(from).x) + " to " + number(median(to).x);
    }

    /** With three digits that count. */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1_000) {
            return Samples.number("%.0f", value);
        }
        int digits = (int) Math.floor(Math.log10(Math.abs(value)));
        if (digits < 2) {
            return Samples.number("%." + (2 - digits) + "f", value);
        }
        double unit = Math.pow(10, digits - 2);
        return Samples.number("%,.0f", Math.rint(value / unit) * unit);
    }

    /** What a text beside which its file lies shows it with. */
    String picture() {
        return "![" + y + " by " + x + "](pictures/" + name + ".svg)";
    }

    /** The picture and what can be said of it. */
    @Override
    public String toString() {
        return sentence() + "\n\n" + picture() + "\n";
    }
}

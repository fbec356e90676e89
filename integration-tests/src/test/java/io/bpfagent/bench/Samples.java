package io.bpfagent.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values of one quantity, one for each round. */
final class Samples {
    /** Of fewer the standard error is a guess. */
    private static final int FEWEST = 5;

    private final List<Double> values = new ArrayList<>();

    Samples add(double value) {
        values.add(value);
        return this;
    }

    /** Each of them times that. */
    Samples times(double factor) {
        Samples product = new Samples();
        values.forEach(value -> product.add(value * factor));
        return product;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** NaN when there is none. */
    double median() {
        List<Double> sorted = sorted();
        int count = sorted.size();
        return count == 0 ? Double.NaN : (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
    }

    /** In the order in which they came, from 0 on. */
    double at(int index) {
        return values.get(index);
    }

    int count() {
        return values.size();
    }

    /** The smallest value that at least so many percent do not exceed; NaN when there is none. */
    double percentile(int percent) {
        return isEmpty() ? Double.NaN : sorted().get(Math.max(0, (values.size() * percent + 99) / 100 - 1));
    }

    /** NaN when there is none. */
    double most() {
        return isEmpty() ? Double.NaN : sorted().get(values.size() - 1);
    }

    /** {@code 0.44 (0.41–0.47)} with a format such as {@code %.2f}; a dash when there is none. */
    String text(String format) {
        if (isEmpty()) {
            return "–";
        }
        String median = number(format, median());
        return values.size() == 1 ? median
                : median + " (" + number(format, sorted().get(0)) + "–" + number(format, most()) + ")";
    }

    /** NaN when there is none. */
    double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** The standard deviation that the mean has by chance; NaN when there are fewer than two values. */
    double standardError() {
        int count = values.size();
        double mean = mean();
        double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
    }

    /** The mean and its standard error: {@code 0.44 ± 0.03}; a dash when there are fewer than two values. */
    String meanText(String format) {
        return values.size() < 2 ? "–" : number(format, mean()) + " ± " + number(format, standardError());
    }

    static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** Whether the median is at most this: the word for a table. */
    String verdict(double target) {
        return isEmpty() ? "not measured" : median() <= target ? "met" : "**missed**";
    }

    /**
     * Whether the mean is at most this, if two standard errors more or less do not change that: the word for a table.
     */
    String verdictOfMean(double target) {
        if (values.size() < FEWEST) {
            return "not measured often enough";
        }
        double margin = 2 * standardError();
        return mean() + margin <= target ? "met" : mean() - margin > target ? "**missed**"
                : "not decided";
    }

    private List<Double> sorted() {
        return values.stream().sorted().toList();
    }
}

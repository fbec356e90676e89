package io.bpfagent.bench;

import io.bpfagent.bench.Curve.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A curve as an SVG picture: every round a dot, a line through the middles, and what linear would be. Both axes are
 * logarithmic. On white, so that it can be read on a dark page too; letters are drawn as shapes, so that it looks the
 * same where there are other fonts. Equal curves give equal bytes. Needs no display.
 */
final class CurvePlot {
    private static final int WIDTH = 680;
    private static final int HEIGHT = 420;
    /** Of the width, at both ends, as a factor. */
    private static final double MARGIN = 1.15;
    private static final String NUMBERS = "#,##0.#####";
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");
    private static final Color INK = new Color(0x333333);
    private static final Color GRID = new Color(0xe8e8e8);
    /** Okabe and Ito's: told apart whatever colours are seen. */
    private static final Color MEASURED = new Color(0x0072b2);
    private static final Color LINEAR = new Color(0xd55e00);

    private CurvePlot() {}

    /** Writes {@code NAME.svg} into the directory, which is made if need be. */
    static void write(Curve curve, Path directory) {
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(curve.name() + ".svg"), svg(curve));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Draws it; of a curve of which nothing was measured the axes alone. */
    static byte[] svg(Curve curve) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle(curve.x()).yAxisTitle(curve.y())
                .build();
        List<Point> all = curve.points();
        List<Point> medians = curve.medians();
        style(chart.getStyler(), all);
        if (!all.isEmpty()) {
            Point first = medians.get(0);
            Point last = medians.get(medians.size() - 1);
            line(chart, "linear", List.of(first, new Point(last.x(),
                    first.y() * Math.pow(last.x() / first.x(), curve.linear()))), LINEAR, dashed());
            line(chart, "median", medians, MEASURED, new BasicStroke(2));
            XYSeries rounds = series(chart, "each round", all);
            rounds.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
            rounds.setMarker(SeriesMarkers.CIRCLE);
            rounds.setMarkerColor(MEASURED);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shorter(bytes.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    /** With a tenth of a pixel instead of ten digits, and without what only indents: half as long. */
    private static String shorter(String svg) {
        int head = svg.indexOf("<svg");
        String body = DECIMAL.matcher(svg.substring(head)).replaceAll(number -> {
            String tenths = Samples.number("%.1f", Double.parseDouble(number.group()));
            String shortest = tenths.endsWith(".0") ? tenths.substring(0, tenths.length() - 2) : tenths;
            return shortest.equals("-0") ? "0" : shortest;
        });
        return svg.substring(0, head) + body.replaceAll(">\\s+<", ">\n<").replaceAll(" (?=[LQMCZ])", "");
    }

    private static void style(XYStyler styler, List<Point> all) {
        styler.setLocale(Locale.ROOT);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderColor(INK);
        styler.setPlotGridLinesColor(GRID);
        // Of dashes each would be a shape of its own: half of the file.
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setChartFontColor(INK);
        styler.setAxisTickLabelsColor(INK);
        styler.setAxisTickMarksColor(INK);
        styler.setLegendBackgroundColor(Color.WHITE);
        styler.setLegendBorderColor(GRID);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setMarkerSize(5);
        styler.setXAxisLogarithmic(true);
        styler.setYAxisLogarithmic(true);
        styler.setXAxisDecimalPattern(NUMBERS);
        styler.setYAxisDecimalPattern(NUMBERS);
        styler.setXAxisMin(all.stream().mapToDouble(Point::x).min().orElse(1) / MARGIN);
        styler.setXAxisMax(all.stream().mapToDouble(Point::x).max().orElse(10) * MARGIN);
        styler.setYAxisMin(decade(all, Point::y, false));
        styler.setYAxisMax(decade(all, Point::y, true));
    }

    /** The power of ten below or above all of them: an axis without one has no number. */
    private static double decade(List<Point> all, ToDoubleFunction<Point> of, boolean above) {
        double least = all.stream().mapToDouble(of).min().orElse(1);
        double most = all.stream().mapToDouble(of).max().orElse(1);
        double low = Math.floor(Math.log10(least));
        return Math.pow(10, above ? Math.max(low + 1, Math.ceil(Math.log10(most))) : low);
    }

    private static void line(XYChart chart, String name, List<Point> points, Color colour, BasicStroke stroke) {
        XYSeries line = series(chart, name, points);
        line.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(colour);
        line.setLineStyle(stroke);
    }

    private static BasicStroke dashed() {
        return new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 4}, 0);
    }

    private static XYSeries series(XYChart chart, String name, List<Point> points) {
        return chart.addSeries(name, points.stream().mapToDouble(Point::x).toArray(),
                points.stream().mapToDouble(Point::y).toArray());
    }
}

package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class CurvePlotTest {
    @Test
    void equalCurvesGiveEqualBytes() {
        assertArrayEquals(CurvePlot.svg(curve(3)), CurvePlot.svg(curve(3)));
        assertFalse(Arrays.equals(CurvePlot.svg(curve(3)), CurvePlot.svg(curve(4))));
    }

    @Test
    void isAPictureThatAsksForNothing() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        byte[] svg = CurvePlot.svg(curve(3));
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        assertEquals("svg", document.getDocumentElement().getTagName());
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertEquals(0, document.getElementsByTagName("image").getLength());
        String text = new String(svg, StandardCharsets.UTF_8);
        assertFalse(text.contains("NaN") || text.contains("Infinity"), text);
        // Letters are shapes.
        assertEquals(0, document.getElementsByTagName("text").getLength());
        assertTrue(svg.length < 400_000, () -> svg.length + " bytes");
    }

    @Test
    void whatWasNotMeasuredIsDrawnAsAxes() {
        assertTrue(CurvePlot.svg(Curve.total("nothing", "things", "ns")).length > 0);
        assertTrue(CurvePlot.svg(Curve.total("one", "things", "ns").add(0, 1, 1)).length > 0);
    }

    @Test
    void fileHasTheNameThatTheTextLinks(@TempDir Path directory) {
        Curve curve = curve(3);
        CurvePlot.write(curve, directory.resolve("pictures"));
        String link = curve.picture().replaceFirst(".*\\((.*)\\)", "$1");
        assertTrue(Files.isReadable(directory.resolve(link)), link);
    }

    private static Curve curve(double factor) {
        Curve curve = Curve.total("name", "things", "ns, each");
        for (int place = 0; place < 4; place++) {
            double x = Math.pow(10, place);
            curve.add(place, x, factor * x).add(place, x, 1.5 * factor * x);
        }
        return curve;
    }
}

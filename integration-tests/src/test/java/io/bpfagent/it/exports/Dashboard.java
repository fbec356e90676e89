package io.bpfagent.it.exports;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Grafana dashboard, read: what it asks its data source, as Grafana would send it with everything chosen. */
record Dashboard(JsonObject json) {
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), *(\\w+)\\)");
    /** Grafana makes it four scrapes long at least; here a scrape is a second. */
    private static final String RATE_INTERVAL = "30s";

    static Dashboard read(Path file) {
        try {
            return new Dashboard(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One query.
     *
     * @param where      the panel's title, or the variable's name
     * @param expression PromQL
     */
    record Query(String where, String expression) {}

    /** All panels, those of rows too. */
    List<JsonObject> panels() {
        List<JsonObject> panels = new ArrayList<>();
        addPanels(json.getAsJsonArray("panels"), panels);
        return panels;
    }

    private static void addPanels(JsonArray from, List<JsonObject> to) {
        for (JsonElement element : from) {
            to.add(element.getAsJsonObject());
            JsonArray inside = element.getAsJsonObject().getAsJsonArray("panels");
            if (inside != null) {
                addPanels(inside, to);
            }
        }
    }

    /** Of all panels. */
    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonObject panel : panels()) {
            JsonArray targets = panel.getAsJsonArray("targets");
            for (JsonElement target : targets == null ? new JsonArray() : targets) {
                queries.add(new Query(panel.get("title").getAsString(),
                        withAllChosen(target.getAsJsonObject().get("expr").getAsString())));
            }
        }
        return queries;
    }

    /** Of the variables that are values of a label: those values. */
    List<Query> variables() {
        List<Query> queries = new ArrayList<>();
        for (JsonElement element : json.getAsJsonObject("templating").getAsJsonArray("list")) {
            JsonObject variable = element.getAsJsonObject();
            if (variable.get("type").getAsString().equals("query")) {
                String text = variable.getAsJsonObject("query").get("query").getAsString();
                Matcher values = LABEL_VALUES.matcher(text);
                if (!values.matches()) {
                    throw new AssertionError("not label_values(selector, label): " + text);
                }
                queries.add(new Query("$" + variable.get("name").getAsString(),
                        "count by (" + values.group(2) + ") (" + withAllChosen(values.group(1)) + ")"));
            }
        }
        return queries;
    }

    private static String withAllChosen(String text) {
        String chosen = text.replace("$__rate_interval", RATE_INTERVAL).replace("$__range", RATE_INTERVAL)
                .replaceAll("\\$(job|instance|pool)\\b", ".+");
        if (chosen.contains("$")) {
            throw new AssertionError("an unknown variable: " + text);
        }
        return chosen;
    }
}

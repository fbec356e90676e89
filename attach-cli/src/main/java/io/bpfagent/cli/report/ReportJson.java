package io.bpfagent.cli.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;

/** Writes {@link ReportData} as JSON. */
final class ReportJson {

    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping()
        .registerTypeAdapter(ReportData.Raw.class, new RawAdapter())
        .registerTypeAdapter(ReportData.Cell.class, new CellAdapter()).create();

    private ReportJson() {
    }

    static void write(ReportData data, Writer to) throws IOException {
        JsonWriter json = new JsonWriter(to);
        json.setSerializeNulls(true);
        json.setHtmlSafe(false);
        GSON.toJson(data, ReportData.class, json);
        json.flush();
    }

    /** Writes only. */
    private abstract static class WriteAdapter<T> extends TypeAdapter<T> {
        @Override
        public T read(JsonReader json) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class RawAdapter extends WriteAdapter<ReportData.Raw> {
        @Override
        public void write(JsonWriter json, ReportData.Raw raw) throws IOException {
            json.jsonValue(raw.json());
        }
    }

    private static final class CellAdapter extends WriteAdapter<ReportData.Cell> {
        @Override
        public void write(JsonWriter json, ReportData.Cell cell) throws IOException {
            json.beginArray().value(cell.column()).beginArray();
            for (long value : cell.pairs()) {
                json.value(value);
            }
            json.endArray().endArray();
        }
    }
}

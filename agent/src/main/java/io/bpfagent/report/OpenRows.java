package io.bpfagent.report;

import java.util.ArrayList;
import java.util.List;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/**
 * Turns objects of one kind into open data: one object into a composite, many into a table. Set up
 * once with its columns, by the constructor of a subclass, then any thread.
 *
 * @param <R> the objects
 */
abstract class OpenRows<R> {
    private final String typeName;
    private final String description;
    private final List<String> names = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<OpenType<?>> types = new ArrayList<>();
    private String[] columns;
    private String[] key;
    private CompositeType rowType;
    private TabularType tableType;

    OpenRows(String typeName, String description) {
        this.typeName = typeName;
        this.description = description;
    }

    /** What stands in a column, which is numbered from 0 on in the order of the declarations. */
    abstract Object value(R object, int column);

    final void column(String name, String text, OpenType<?> type) {
        names.add(name);
        texts.add(text);
        types.add(type);
    }

    final void longColumn(String name, String text) {
        column(name, text, SimpleType.LONG);
    }

    /** Ends the set-up. The first column tells a table's rows apart. */
    final void done() {
        done(1);
    }

    /** Ends the set-up. The first {@code keyColumns} together tell a table's rows apart. */
    final void done(int keyColumns) {
        columns = names.toArray(new String[0]);
        key = names.subList(0, keyColumns).toArray(new String[0]);
        try {
            rowType = new CompositeType(typeName, description, columns,
                    texts.toArray(new String[0]), types.toArray(new OpenType<?>[0]));
            String tableName = typeName + (typeName.endsWith("s") ? "es" : "s");
            tableType = new TabularType(tableName, description, rowType, key);
        } catch (OpenDataException e) {
            throw new IllegalStateException(e); // only of columns that contradict each other
        }
    }

    final CompositeType rowType() {
        return rowType;
    }

    final TabularType tableType() {
        return tableType;
    }

    final CompositeData row(R object) {
        Object[] values = new Object[columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(object, i);
        }
        try {
            return new CompositeDataSupport(rowType, columns, values);
        } catch (OpenDataException e) {
            throw new IllegalStateException(e); // only of values that are not of their column's type
        }
    }

    /** Of arrays of composites, for objects that no column tells apart. */
    final ArrayType<CompositeType> arrayType() {
        try {
            return new ArrayType<>(1, rowType);
        } catch (OpenDataException e) {
            throw new IllegalStateException(e); // only of a dimension below 1, or arrays of arrays
        }
    }

    /** Of arrays of texts. */
    static ArrayType<String[]> textsType() {
        try {
            return ArrayType.getArrayType(SimpleType.STRING);
        } catch (OpenDataException e) {
            throw new IllegalStateException(e); // only of types of which there are no arrays
        }
    }

    final CompositeData[] array(List<? extends R> objects) {
        CompositeData[] rows = new CompositeData[objects.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(objects.get(i));
        }
        return rows;
    }

    /** A table; of objects with the same key the last one stands in it. */
    final TabularData table(Iterable<? extends R> objects) {
        TabularDataSupport table = new TabularDataSupport(tableType);
        for (R object : objects) {
            CompositeData row = row(object);
            Object[] index = row.getAll(key);
            if (table.containsKey(index)) {
                table.remove(index);
            }
            table.put(row);
        }
        return table;
    }
}

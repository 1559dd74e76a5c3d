package dev.millrace.lake;

import dev.millrace.schemas.Column;
import dev.millrace.schemas.LakeType;
import java.util.ArrayList;
import java.util.List;

/** The fields within a column's records that a contract requires. Pure. */
public final class RequiredFields {
    private RequiredFields() {}

    /** Their paths, as {@link ColumnChange#subject()} writes them. */
    public static List<String> of(Column column) {
        List<String> paths = new ArrayList<>();
        collect(column.name(), column.type(), paths);
        return paths;
    }

    private static void collect(String path, LakeType type, List<String> paths) {
        if (type instanceof LakeType.ListType list) {
            collect(path + "." + ColumnChange.ELEMENT, list.element(), paths);
        } else if (type instanceof LakeType.MapType map) {
            collect(path + "." + ColumnChange.VALUE, map.value(), paths);
        } else if (type instanceof LakeType.StructType struct) {
            for (Column field : struct.fields()) {
                String below = path + "." + field.name();
                if (field.required()) {
                    paths.add(below);
                }
                collect(below, field.type(), paths);
            }
        }
    }
}

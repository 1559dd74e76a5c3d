package dev.millrace.lake;

/** A column as the lake has it; the type as DuckDB writes it. */
public record LakeColumn(String name, String type) {
    /** The type, taken apart. */
    public EngineType engineType() {
        return EngineType.parse(type);
    }
}

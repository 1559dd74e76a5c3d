package dev.millrace.lake;

import dev.millrace.lake.EngineType.Digits;
import dev.millrace.schemas.LakeType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which of the engine's types go into a wider one of the lake with every value unchanged. */
public final class WiderTypes {
    private static final Map<LakeType.Scalar, Set<String>> NARROWER = Map.of(
            LakeType.Scalar.INTEGER, Set.of("TINYINT", "SMALLINT", "UTINYINT", "USMALLINT"),
            LakeType.Scalar.BIGINT, Set.of("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"),
            LakeType.Scalar.DOUBLE, Set.of("FLOAT"),
            LakeType.Scalar.TIMESTAMP, Set.of("TIMESTAMP_S", "TIMESTAMP_MS"));

    private static final List<LakeType.Scalar> NARROWEST_FIRST =
            List.of(LakeType.Scalar.INTEGER, LakeType.Scalar.BIGINT, LakeType.Scalar.DOUBLE, LakeType.Scalar.TIMESTAMP);

    private WiderTypes() {}

    /** Whether a column of the lake takes the values of a file's; neither type is nested, and they are not the same. */
    public static boolean holds(String lakeType, String fileType) {
        return narrowerThan(lakeType).contains(fileType) || holdsDigits(lakeType, fileType);
    }

    /** As many digits in front of the point, and as many behind it. */
    private static boolean holdsDigits(String lakeType, String fileType) {
        Optional<Digits> lake = Digits.of(lakeType);
        Optional<Digits> file = Digits.of(fileType);
        return !lakeType.equals(fileType)
                && lake.isPresent()
                && file.isPresent()
                && lake.orElseThrow().scale() >= file.orElseThrow().scale()
                && lake.orElseThrow().precision() - lake.orElseThrow().scale()
                        >= file.orElseThrow().precision() - file.orElseThrow().scale();
    }

    private static Set<String> narrowerThan(String lakeType) {
        return NARROWEST_FIRST.stream()
                .filter(wide -> wide.sql().equals(lakeType))
                .findFirst()
                .map(NARROWER::get)
                .orElse(Set.of());
    }

    /** The narrowest type of the lake that takes the values of a file's, where that is another type. */
    static Optional<LakeType.Scalar> narrowestFor(String fileType) {
        return NARROWEST_FIRST.stream()
                .filter(wide -> NARROWER.get(wide).contains(fileType))
                .findFirst();
    }
}

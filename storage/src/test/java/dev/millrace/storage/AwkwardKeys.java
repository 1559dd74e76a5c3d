package dev.millrace.storage;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Keys with characters that addresses, XML, SQL or shells encode or interpret. */
public final class AwkwardKeys {
    private AwkwardKeys() {}

    /** Those that every store takes and that the engine reads under {@link ObjectStore#address} as they are. */
    public static List<String> readable() {
        Stream<String> punctuation = IntStream.rangeClosed(' ', '~')
                .filter(c -> !Character.isLetterOrDigit(c) && "/\\?*[".indexOf(c) < 0)
                .mapToObj(c -> "awkward/a" + (char) c + "b.parquet");
        return Stream.concat(
                        punctuation,
                        Stream.of(
                                "awkward/ü.parquet",
                                "awkward/u\u0308.parquet",
                                "awkward/日本.parquet",
                                "awkward/😀.parquet",
                                "awkward/a b  c.parquet",
                                "awkward/ a.parquet",
                                "awkward/a\u00a0b.parquet",
                                "awkward/a%20b.parquet",
                                "awkward/a%2Fb.parquet",
                                "awkward/a%.parquet",
                                "awkward/a+b c.parquet",
                                "awkward/x=1/y=a b/c.parquet",
                                "awkward/x=%20/&amp;.parquet"))
                .collect(Collectors.toUnmodifiableList());
    }

    /** Those that the engine would take for a pattern or for a parameter, so that a store on S3 refuses them. */
    public static List<String> interpreted() {
        return List.of(
                "awkward/a*b.parquet",
                "awkward/a?b.parquet",
                "awkward/a[b.parquet",
                "awkward/a.parquet?s3_endpoint=evil.example",
                "awkward/?s3_endpoint=evil.example/a.parquet",
                "awkward/a\nb.parquet");
    }
}

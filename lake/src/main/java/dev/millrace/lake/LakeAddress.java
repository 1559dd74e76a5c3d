package dev.millrace.lake;

/**
 * Where a lake is: its catalog and the path of its data.
 *
 * @param dataPath a folder or {@code s3://bucket/prefix}, with the slash at its end
 */
public record LakeAddress(Catalog catalog, String dataPath) {
    public LakeAddress {
        if (dataPath.isBlank()) {
            throw new IllegalArgumentException("the lake's data path is empty");
        }
        dataPath = dataPath.endsWith("/") ? dataPath : dataPath + "/";
    }
}

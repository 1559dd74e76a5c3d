package dev.millrace.lake;

import dev.millrace.storage.ObjectStore;

/**
 * Where the rows of a dataset are written anew, and how.
 *
 * @param lakeData which has the session's data path as its root
 * @param targetFileBytes how large a lake file becomes, and how much is read at once
 */
public record RewritePlace(ObjectStore lakeData, long targetFileBytes) {}

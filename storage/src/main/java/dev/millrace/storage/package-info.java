/**
 * The object store that holds the staging area and the lake files: put if absent, list, copy, delete. A directory, or a bucket of
 * S3: AWS, MinIO, SeaweedFS, or another service that knows conditional puts.
 */
package dev.millrace.storage;

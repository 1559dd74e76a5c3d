/** The object store that holds the staging area and the lake files: put if absent, list, copy, delete. */
package dev.millrace.storage;

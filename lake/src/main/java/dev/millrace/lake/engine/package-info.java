/** The engine's binaries: the native library and the extensions, kept in one cache folder between runs. */
package dev.millrace.lake.engine;

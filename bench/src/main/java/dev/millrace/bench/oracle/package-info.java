/** Says whether a lake holds each row that a producer was told is staged exactly once, and every file that it names. */
package dev.millrace.bench.oracle;

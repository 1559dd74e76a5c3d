/** The staging area, the lake and the workers on them, as a configuration names them. */
package dev.millrace.cli.pipeline;

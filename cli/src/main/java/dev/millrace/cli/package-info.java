/** The {@code millrace} command: one class for each subcommand, and what all of them say and return. */
package dev.millrace.cli;

/** The log of a process: events as lines for people or as JSON, with the dataset and the run that they are about. */
package dev.millrace.cli.log;

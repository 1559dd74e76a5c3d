/** One process that ingests and compacts by a schedule, and answers over HTTP how that goes. */
package dev.millrace.cli.serve;

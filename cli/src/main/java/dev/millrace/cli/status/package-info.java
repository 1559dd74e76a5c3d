/** Says of each dataset how it stands: what is in the lake, how late that is, what waits, what is wrong, what comes next. */
package dev.millrace.cli.status;

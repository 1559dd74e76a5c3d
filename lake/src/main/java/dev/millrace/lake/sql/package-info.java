/** How names and texts are put into SQL. */
package dev.millrace.lake.sql;

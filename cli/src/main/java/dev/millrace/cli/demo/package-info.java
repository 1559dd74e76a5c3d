/** The demo: the whole pipeline in one process on the flights out of New York in 2013. */
package dev.millrace.cli.demo;

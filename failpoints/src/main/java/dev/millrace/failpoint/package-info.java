/** The moments at which a test may stop, kill or fail the pipeline; without a listener they are nothing. */
package dev.millrace.failpoint;

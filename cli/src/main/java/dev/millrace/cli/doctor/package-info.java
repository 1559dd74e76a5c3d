/**
 * The health check: looks at everything that the pipeline stands on, in a few seconds, whatever is broken or hangs.
 *
 * <p>A {@link dev.millrace.cli.doctor.Check} looks, a class named {@code …Verdict} judges what was seen, without looking itself; an {@link
 * dev.millrace.cli.doctor.Examination} runs the checks, each within its deadline.
 */
package dev.millrace.cli.doctor;

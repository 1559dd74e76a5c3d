/** From a producer's records to staged files: rolling, spooling, publishing. Knows no catalog and no engine. */
package dev.millrace.staging;

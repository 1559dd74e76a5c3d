/** MinIO, PostgreSQL and SeaweedFS on this machine, without containers, for the demo and for tests. */
package dev.millrace.infra;

/** The configuration: one YAML file and the variables that override its keys, read into checked values. */
package dev.millrace.cli.config;

/** How numbers are written for people, wherever the command says them. */
package dev.millrace.cli.text;

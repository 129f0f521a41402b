/** A Millrace process: the command line, the embedded node and its output. */
package dev.millrace.server;

/** Writing and reading the state of a partition, column by column. */
package dev.millrace.engine.state;

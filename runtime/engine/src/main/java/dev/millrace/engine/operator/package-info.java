/** Operators: batch in, batch out, on one thread, without actors, clocks or waiting. */
package dev.millrace.engine.operator;

/** Columnar batches: vectors of primitive arrays, row positions, row kinds, selections, and their wire form. */
package dev.millrace.engine.batch;

/** The reader: one actor that reads one split, decodes it, routes its rows, and sends them along lanes. */
package dev.millrace.cluster.reader;

/** Hashes of keys: what routes rows to partitions and finds groups in tables. Versioned, because stored state keeps it. */
package dev.millrace.engine.hash;

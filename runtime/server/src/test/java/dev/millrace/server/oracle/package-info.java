// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * Holds what {@code millrace run} answers against DuckDB: the same generated rows, the same meaning, over several numbers
 * of partitions. The meaning is that of the SQL reference; where DuckDB's differs, the query for DuckDB spells it.
 */
package dev.millrace.server.oracle;

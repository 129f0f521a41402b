// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The connector {@code jdbc}: rows go to a table of PostgreSQL, appended or by key. Sinks of a process share a few
 * connections to a database; whatever is written is one transaction at a time.
 */
package dev.millrace.connectors.jdbc;

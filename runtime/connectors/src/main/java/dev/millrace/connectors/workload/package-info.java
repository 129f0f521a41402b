// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The connector {@code workload}: generated rows for demonstrations and measurements, the same on every machine and
 * replayable by row number, and the results that queries on them must have.
 */
package dev.millrace.connectors.workload;

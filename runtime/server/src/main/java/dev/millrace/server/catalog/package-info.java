// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The tables and views that all clients of a server share. Kept as the statements that made them, in order; never as
 * what the planner makes of them, so that a newer planner reads them anew.
 */
package dev.millrace.server.catalog;

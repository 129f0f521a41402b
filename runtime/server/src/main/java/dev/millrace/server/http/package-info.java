// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The server's HTTP API: statements, queries, jobs, metrics. Decides nothing about jobs itself; what waits, waits on
 * threads of its own and never on those of actors.
 */
package dev.millrace.server.http;

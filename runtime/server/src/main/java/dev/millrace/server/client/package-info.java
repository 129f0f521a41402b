// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The client of a server's HTTP API: what the command line and the shell talk through. Starts no node and loads no
 * planner, so that a command answers at once.
 */
package dev.millrace.server.client;

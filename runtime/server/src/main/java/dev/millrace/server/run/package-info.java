// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Runs a script in this process: statements, jobs, and the rows of a SELECT on their way to standard output. */
package dev.millrace.server.run;

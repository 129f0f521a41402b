// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** A Millrace process: the command line, the embedded node and its output. */
package dev.millrace.server;

// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Benchmarks of what the reader keeps to itself. */
package dev.millrace.cluster.reader;

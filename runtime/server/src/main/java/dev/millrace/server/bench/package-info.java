// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Measures the workloads on the deployed path: reader, router, partitions, sink, in one process. */
package dev.millrace.server.bench;

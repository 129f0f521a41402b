// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The hot loops alone, for JMH: one class a kernel, each over the rows of the market workload. Benchmarks of classes that a
 * module keeps to itself stand in that class's package.
 */
package dev.millrace.benchmarks;

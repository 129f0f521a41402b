// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The job: an event-sourced actor that resolves a query's splits, keeps its partitions and readers alive, and ends it. */
package dev.millrace.cluster.job;

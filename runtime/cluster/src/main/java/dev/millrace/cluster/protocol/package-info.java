// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The rules of inputs, lanes, positions, watermarks, lateness and routing as pure state machines: an event goes in,
 * decisions come out. Nothing in here knows actors, clocks, threads, files or SQL; time is always a parameter. The
 * actors are thin shells around these classes, and a seeded simulation drives the very same classes through loss,
 * duplication, reordering and crashes.
 *
 * <p>The reader's side is {@link dev.millrace.cluster.protocol.ReaderLanes}, the partition's side is
 * {@link dev.millrace.cluster.protocol.PartitionInputs}; what travels between them is
 * {@link dev.millrace.cluster.protocol.ToPartition} and {@link dev.millrace.cluster.protocol.ToReader}.
 */
package dev.millrace.cluster.protocol;

// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The partition: one actor that owns group state, positions and watermark of its share of a stage, and its keeper. */
package dev.millrace.cluster.partition;

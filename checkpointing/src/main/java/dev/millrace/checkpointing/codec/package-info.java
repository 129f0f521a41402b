// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * How objects become bytes: Kryo with explicit class ids for messages, events and plans, raw bytes for the epochs of
 * partitions. Nothing here is ever written by Java serialisation, and no number given to a class is ever given to
 * another.
 */
package dev.millrace.checkpointing.codec;

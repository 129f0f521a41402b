// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The connectors {@code kafka} and {@code upsert-kafka}. Partitions are assigned, never subscribed to, and positions are
 * Kafka's offsets, so that a job alone decides what is read; nothing is ever committed to a consumer group.
 */
package dev.millrace.connectors.kafka;

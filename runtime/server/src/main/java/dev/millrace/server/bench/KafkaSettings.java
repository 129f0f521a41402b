// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.engine.connector.Guarantee;

/**
 * What the workload from Kafka to Kafka needs to know.
 *
 * @param servers the brokers, as {@code host:port}
 * @param guarantee of the results
 */
public record KafkaSettings(String servers, Guarantee guarantee) {}

// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.settings;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How partitions make their epochs durable; {@code millrace.epochs} of the node's settings, where the defaults stand.
 *
 * @param inFlightMax epochs of a partition that have ended and are not durable yet; then the next one goes on
 * @param outputBytes an epoch ends early when so much output of it waits to become durable
 * @param outboxBytes output of a partition that waits to leave, durable or not; then it takes no more input
 * @param copyingTimes an epoch lasts at least so many times as the partition stood still for writing the one before
 * @param idleInterval an epoch in which only positions have moved ends after so long
 * @param targetWait how long targets that are away are waited for when a job is changed or erased, all together
 * @param exchangeInterval an epoch that later stages wait for ends so long after the one before at the earliest
 */
public record EpochSettings(int inFlightMax, long outputBytes, long outboxBytes, int copyingTimes,
        Duration idleInterval, Duration targetWait, Duration exchangeInterval) {
    public static EpochSettings of(Config config) {
        Config epochs = config.getConfig("millrace.epochs");
        return new EpochSettings(
                epochs.getInt("in-flight-max"),
                epochs.getBytes("output-bytes"),
                epochs.getBytes("outbox-bytes"),
                epochs.getInt("copying-times"),
                epochs.getDuration("idle-interval"),
                epochs.getDuration("target-wait"),
                config.getDuration("millrace.exchange.interval"));
    }
}

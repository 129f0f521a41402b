// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.settings;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How partitions and readers that have failed are started again; {@code millrace.restarts} of the node's settings, where
 * the defaults stand.
 *
 * @param firstDelay time from the first failure to the next start; doubled at each further one
 * @param delayMax the longest such time
 * @param jitter the share of the delay that chance takes away, 0 to 1, so that not all knock at the same moment
 * @param healthyAfter who has run for so long without a failure begins with the first delay again
 * @param restartsMax starts in a row without progress if the cause may lie outside; then it is suspended
 * @param brokenRestartsMax the same if the cause lies in the program itself
 */
public record RestartSettings(Duration firstDelay, Duration delayMax, double jitter, Duration healthyAfter,
        int restartsMax, int brokenRestartsMax) {
    public static RestartSettings of(Config config) {
        Config restarts = config.getConfig("millrace.restarts");
        return new RestartSettings(
                restarts.getDuration("first-delay"),
                restarts.getDuration("delay-max"),
                restarts.getDouble("jitter"),
                restarts.getDuration("healthy-after"),
                restarts.getInt("restarts-max"),
                restarts.getInt("broken-restarts-max"));
    }
}

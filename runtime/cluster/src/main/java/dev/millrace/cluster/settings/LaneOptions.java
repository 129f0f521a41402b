// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.settings;

import com.typesafe.config.Config;
import dev.millrace.cluster.protocol.IsolationSettings;
import dev.millrace.cluster.protocol.LaneSettings;

/** Times and bounds of lanes; {@code millrace.lanes} of the node's settings, where the defaults stand. */
public final class LaneOptions {
    private LaneOptions() {}

    public static LaneSettings of(Config config) {
        Config lanes = config.getConfig("millrace.lanes");
        return new LaneSettings(
                millis(lanes, "probe"),
                millis(lanes, "silent"),
                millis(lanes, "linger"),
                lanes.getBytes("gather-bytes"),
                millis(lanes, "progress"),
                millis(lanes, "greet-wait"),
                millis(lanes, "greet-again"),
                millis(lanes, "greet-again-max"),
                lanes.getBytes("in-flight-bytes-max"),
                lanes.getBytes("partition-bytes-max"),
                lanes.getInt("held-reads-max"),
                new IsolationSettings(
                        millis(lanes, "detach-after"),
                        millis(lanes, "rejoin-after"),
                        millis(lanes, "catchup-window"),
                        millis(lanes, "catchup-stay"),
                        millis(lanes, "isolate-together"),
                        millis(lanes, "isolate-max-drift")));
    }

    private static long millis(Config lanes, String name) {
        return lanes.getDuration(name).toMillis();
    }
}

// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.StateStore;
import dev.millrace.cluster.affinity.PinnedExecutor;
import dev.millrace.cluster.affinity.PinnedThreads;
import dev.millrace.cluster.member.NodeTls;
import dev.millrace.cluster.member.SameState;
import dev.millrace.engine.error.MillraceException;
import java.util.Map;

/** The configuration of a node's actor system: what the node is told at its start over what stands in files. */
final class NodeConfig {
    /** With so many seeds at most the oldest node decides which side of a cut cluster goes on. */
    private static final int OLDEST_DECIDES_MAX = 3;

    private NodeConfig() {}

    /**
     * @param overrides settings that go before all of Millrace's own, but for those that encryption takes
     * @throws MillraceException if the files of the encryption can't be used
     */
    static Config of(NodeSettings settings, StateStore store, Config overrides) {
        Config config = overrides.withFallback(own(settings, store));
        return NodeTls.settings(config).withFallback(config);
    }

    private static Config own(NodeSettings settings, StateStore store) {
        return ConfigFactory.parseMap(Map.of(
                "pekko.remote.artery.canonical.hostname", settings.host(),
                "pekko.remote.artery.canonical.port", settings.port(),
                "millrace.dispatchers.work.fork-join-executor.parallelism-min", settings.threads(),
                "millrace.dispatchers.work.fork-join-executor.parallelism-max", settings.threads(),
                SameState.IDENTITY, store.identity(),
                "pekko.cluster.split-brain-resolver.active-strategy", splitBrainStrategy(settings)))
                .withFallback(store.config())
                .withFallback(pinning(settings))
                .withFallback(ConfigFactory.parseResourcesAnySyntax(NodeConfig.class.getClassLoader(), "millrace-node"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    /**
     * Up to three nodes it is the oldest whose side goes on, unless it is alone on it: that is the majority of three, and
     * works with two. Of more nodes the oldest and one other may be lost at a time, and the rest has to go on.
     */
    private static String splitBrainStrategy(NodeSettings settings) {
        return settings.seeds().size() > OLDEST_DECIDES_MAX ? "keep-majority" : "keep-oldest";
    }

    private static Config pinning(NodeSettings settings) {
        boolean pins = settings.affinity() && PinnedThreads.ofProcess().cpus() > 0;
        return pins
                ? ConfigFactory.parseMap(Map.of("millrace.dispatchers.work.executor", PinnedExecutor.class.getName()))
                : ConfigFactory.empty();
    }
}

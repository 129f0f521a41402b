// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.member.NodeTls;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Actor systems with a node's settings, on a port of their own, that are in no cluster yet. */
public final class TestSystems {
    private TestSystems() {}

    /** @param settings what goes before a node's */
    public static ActorSystem<Void> start(Map<String, ?> settings) {
        Config config = config(settings);
        return ActorSystem.create(Behaviors.empty(), "millrace", NodeTls.settings(config).withFallback(config));
    }

    static Config config(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("pekko.remote.artery.canonical.hostname", "127.0.0.1");
        all.put("pekko.remote.artery.canonical.port", 0);
        return ConfigFactory.parseMap(all)
                .withFallback(ConfigFactory.parseResourcesAnySyntax("millrace-node"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    /** An actor as another system sees it. */
    public static <T> ActorRef<T> seenFrom(ActorSystem<?> other, ActorSystem<?> own, ActorRef<T> actor) {
        return ActorRefResolver.get(other).resolveActorRef(ActorRefResolver.get(own).toSerializationFormat(actor));
    }
}

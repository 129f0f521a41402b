// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages and plans as modules have them. */
sealed interface Sample {
    enum Colour {
        RED, GREEN {
            @Override
            boolean calm() {
                return true;
            }
        };

        boolean calm() {
            return false;
        }
    }

    record Leaf(String name, long number, Colour colour) implements Sample {}

    record Node(List<Sample> children, Map<String, Leaf> named, Optional<Sample> parent,
            Object literal) implements Sample {}

    record Values(long[] longs, byte[][] rows, String[] names, BigDecimal decimal, Instant at, Duration length,
            Double maybe) implements Sample {}

    record Ask(ActorRef<String> replyTo) implements Sample {}

    record Unregistered(int number) implements Sample {}
}

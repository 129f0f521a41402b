// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.member;

import com.typesafe.config.Config;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lets only those nodes join that keep their state at the same place: what moves to them must be there. */
public final class SameState extends JoinConfigCompatChecker {
    /** Under which the identity of the place stands in a node's configuration. */
    public static final String IDENTITY = "millrace.state-identity";

    private static final Seq<String> KEYS = CollectionConverters.asScala(List.of(IDENTITY)).toSeq();

    @Override
    public Seq<String> requiredKeys() {
        return KEYS;
    }

    @Override
    public ConfigValidation check(Config joining, Config member) {
        return JoinConfigCompatChecker.fullMatch(KEYS, joining, member);
    }
}

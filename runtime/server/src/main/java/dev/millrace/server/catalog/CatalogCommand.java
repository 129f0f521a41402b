// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import dev.millrace.cluster.message.Message;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the catalog is asked. */
sealed interface CatalogCommand extends Message {
    /** Keep a statement behind all others. Answered when it is durable. */
    record Append(CatalogStatement statement, ActorRef<Statements> replyTo) implements CatalogCommand {}

    /** Tell all statements. */
    record Tell(ActorRef<Statements> replyTo) implements CatalogCommand {}

    /** The answer to both: all statements, in order. */
    record Statements(List<CatalogStatement> statements) implements Message {}
}

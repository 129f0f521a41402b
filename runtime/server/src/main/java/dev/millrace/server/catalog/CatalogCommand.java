// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import dev.millrace.cluster.message.Message;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the catalog is asked. */
sealed interface CatalogCommand extends Message {
    /**
     * Keep a statement behind all others. Answered when it is durable.
     *
     * @param known so many statements the asker knows; if there are more, this one is not kept
     */
    record Append(CatalogStatement statement, int known, ActorRef<Statements> replyTo) implements CatalogCommand {}

    /**
     * Tell the statements.
     *
     * @param known so many of them the asker knows
     */
    record Tell(int known, ActorRef<Statements> replyTo) implements CatalogCommand {}

    /**
     * The answer to both.
     *
     * @param more statements that follow those which the asker knew, in order; as many as fit a message
     * @param all how many statements there are
     * @param kept whether the statement that was to be kept is among them
     */
    record Statements(List<CatalogStatement> more, int all, boolean kept) implements Message {
        public Statements {
            more = List.copyOf(more);
        }
    }
}
